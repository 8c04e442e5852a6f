import type { Migration } from './migration.ts'

/**
 * A record and a change are JSON because the whole project is read into memory at opening and never queried field by
 * field. Shapes are apart and immutable, under their content hash: the log may name one thousands of times.
 */
export const initial: Migration = {
  version: 1,
  sql: `
    create table meta (key text primary key, value text not null) without rowid;
    create table record (id text primary key, kind text not null, json text not null);
    create table shape (hash text primary key, bytes blob not null);
    create table change (
      seq integer primary key,
      id text not null unique,
      step text not null,
      label text not null,
      source text not null,
      action text not null,
      time integer not null,
      diff text not null
    );
    create index change_step on change (step, seq);
    create table frame_table (media_id text primary key, times_us blob not null);
    create table job (seq integer primary key, id text not null unique, info text not null, cursor text not null);
  `,
}
