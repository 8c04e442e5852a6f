/** What the file dialogs offer; the host decides by content what it can read. */
const videos = ['mp4', 'mov', 'm4v', 'mkv', 'webm', 'avi', 'ts', 'mts', 'm2ts', 'mpg', 'mpeg', 'gif']
const images = ['jpg', 'jpeg', 'png', 'webp', 'tif', 'tiff', 'bmp']

export const mediaFilters = [{ name: 'Videos and images', extensions: [...videos, ...images] }]
export const classFilters = [{ name: 'Class lists', extensions: ['txt', 'json', 'csv', 'names'] }]
export const packFilters = [{ name: 'Networks', extensions: ['zip', 'json'] }]
