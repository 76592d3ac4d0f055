/** Pictures that the media service reads, and films: where it takes none, it says so. */
export const ACCEPTED =
  'image/jpeg,image/png,image/gif,image/webp,image/avif,video/mp4,video/quicktime,video/webm';
