// What the gallery shows, by its address; all but everyone's is for those who are signed in.
export const VIEWS = { everyone: '', yours: '?show=yours', favourites: '?show=favourites', albums: '?show=albums', trash: '?show=trash' } as const;

export type View = keyof typeof VIEWS;

export const ALBUMS = VIEWS.albums;

export function viewOf(search: string, signedIn: boolean): View {
  const found = (Object.keys(VIEWS) as View[]).find((view) => VIEWS[view] === search);
  return signedIn && found !== undefined ? found : 'everyone';
}
