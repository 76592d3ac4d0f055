/** What the media service reads. */
export const ACCEPTED = 'image/jpeg,image/png,image/gif,image/webp,image/avif';
