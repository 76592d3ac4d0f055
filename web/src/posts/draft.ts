import { client, uploader } from '../graphql/api';
import { CreatePost, UploadMedia, type PostParts, type PostVisibility } from '../graphql/generated';
import { told } from '../hooks';

export interface Attached {
  readonly key: number;
  readonly file: File;
  readonly altText: string;
}

export interface Draft {
  readonly body: string;
  readonly visibility: PostVisibility;
  readonly attached: readonly Attached[];
}

export type Outcome = { post: PostParts } | { problem: string };

/** Pictures already sent for this draft, so that a second try after a failure sends only the rest. */
export type Sent = Map<string, string>;

/** A picture is as open as its post; anything narrower than everyone keeps the file its owner's. */
const openness = (visibility: PostVisibility) => (visibility === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE');

export async function publish(draft: Draft, sent: Sent, onProgress: (done: number) => void): Promise<Outcome> {
  const mediaIds: string[] = [];
  for (const [index, picture] of draft.attached.entries()) {
    const visibility = openness(draft.visibility);
    const key = `${picture.key} ${visibility} ${picture.altText}`;
    let id = sent.get(key);
    if (id === undefined) {
      const input = { file: picture.file, visibility, altText: picture.altText.trim() || null } as const;
      const { uploadMedia } = await uploader.upload(UploadMedia, { input }, 'input.file', picture.file, {
        onProgress: (part) => onProgress((index + part) / draft.attached.length),
      });
      id = uploadMedia.media?.id;
      if (id === undefined) {
        return { problem: `${picture.file.name}: ${told(uploadMedia.userErrors) ?? 'the picture was not taken.'}` };
      }
      sent.set(key, id);
    }
    mediaIds.push(id);
  }
  const input = { body: draft.body.trim(), visibility: draft.visibility, mediaIds };
  const { post, userErrors } = (await client.request(CreatePost, { input })).createPost;
  return post === null ? { problem: told(userErrors) ?? 'It was not taken.' } : { post };
}
