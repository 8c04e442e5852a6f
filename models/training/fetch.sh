#!/bin/sh
# fetch.sh DIR: gets the packages of SOURCES.md with apt-get (Debian 12) and unpacks them below DIR. Installs nothing.
set -eu
mkdir -p "$1/debs"
folder=$(cd "$1" && pwd)
cd "$folder/debs"
apt-get download tuxpaint-stamps-default openclipart-png plasma-workspace-wallpapers mate-backgrounds \
  lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 ufoai-textures
for package in *.deb; do dpkg -x "$package" "$folder"; done
# The game keeps its surfaces in an archive.
python3 -m zipfile -e "$folder/usr/share/games/ufoai/base/0textures.pk3" "$folder/usr/share/ufoai"
