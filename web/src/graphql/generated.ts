// Written by `npm run codegen` from schema.graphql and operations/*.graphql. Do not edit.

import type { Typed } from './document';

export type AlbumMemberRole = 'CONTRIBUTOR' | 'VIEWER';

export type AlbumRole = 'OWNER' | 'CONTRIBUTOR' | 'VIEWER';

export type AlbumVisibility = 'PRIVATE' | 'FOLLOWERS' | 'PUBLIC';

export type ConversationKind = 'DIRECT';

export type DocumentVisibility = 'WORKSPACE' | 'PUBLIC';

export type ErrorCode = 'INVALID_INPUT' | 'NOT_FOUND' | 'FORBIDDEN' | 'CONFLICT' | 'IDEMPOTENCY_CONFLICT' | 'HANDLE_UNAVAILABLE' | 'EMAIL_UNAVAILABLE' | 'WEAK_PASSWORD' | 'INVALID_CREDENTIALS' | 'INVALID_REFRESH_TOKEN' | 'OUT_OF_STOCK' | 'NOT_AN_IMAGE' | 'UNSUPPORTED_FORMAT' | 'CORRUPT' | 'TRUNCATED' | 'TOO_LARGE' | 'TOO_MANY_PIXELS' | 'TOO_MANY_FRAMES' | 'TOO_LONG' | 'FILMS_NOT_TAKEN' | 'PROCESSING_FAILED' | 'QUOTA_EXCEEDED' | 'MALWARE' | 'CHECKSUM_MISMATCH';

export type FeedKind = 'HOME' | 'EXPLORE';

export type ImageFormat = 'WEBP' | 'AVIF' | 'JPEG' | 'PNG';

export type MediaCrop = 'SQUARE' | 'PORTRAIT' | 'LANDSCAPE' | 'TALL' | 'WIDE';

export type MediaKind = 'IMAGE' | 'VIDEO';

export type MediaSize = 'THUMBNAIL' | 'SMALL' | 'MEDIUM' | 'LARGE';

export type MediaStatus = 'READY' | 'DEGRADED' | 'PROCESSING' | 'FAILED';

export type MediaVisibility = 'PUBLIC' | 'PRIVATE';

export type PostVisibility = 'PUBLIC' | 'FOLLOWERS' | 'PRIVATE';

export type PurgeState = 'ACKNOWLEDGED' | 'PENDING';

export type ReactionKind = 'LIKE' | 'LOVE' | 'LAUGH' | 'WOW' | 'SAD' | 'ANGRY';

export type SearchType = 'USER' | 'POST' | 'PRODUCT';

export type TimelineUnit = 'DAY' | 'MONTH' | 'YEAR';

export type UploadMethod = 'PUT' | 'POST' | 'TUS';

export type UploadStage = 'SCAN' | 'OPEN' | 'DECODE' | 'RESIZE' | 'ENCODE' | 'PLACEHOLDER' | 'FULL' | 'STORE';

export type UploadStatus = 'PENDING' | 'RECEIVED' | 'DONE' | 'FAILED' | 'ABORTED' | 'EXPIRED';

export type UserRole = 'MEMBER' | 'OPERATOR';

export type WorkspaceRole = 'OWNER' | 'EDITOR' | 'VIEWER';

export type AddCommentInput = {
  postId: string;
  body: string;
  idempotencyKey?: string | null;
};

export type AdjustStockInput = {
  productId: string;
  delta: number;
  idempotencyKey?: string | null;
};

export type AlbumAssetsInput = {
  albumId: string;
  assetIds: Array<string>;
};

export type BeginUploadInput = {
  bytes: number;
  contentType: string;
  sha256?: string | null;
  method?: UploadMethod;
  visibility?: MediaVisibility;
  altText?: string | null;
  keepCopyright?: boolean;
};

export type CreateAlbumInput = {
  title: string;
  description?: string | null;
  visibility?: AlbumVisibility;
  idempotencyKey?: string | null;
};

export type CreateDocumentInput = {
  workspaceId: string;
  title: string;
  content?: string;
  visibility?: DocumentVisibility;
  idempotencyKey?: string | null;
};

export type CreatePostInput = {
  body: string;
  visibility?: PostVisibility;
  mediaIds?: Array<string> | null;
  productIds?: Array<string> | null;
  idempotencyKey?: string | null;
};

export type CreateProductInput = {
  name: string;
  price: { amount: number; currency: string };
  slug?: string | null;
  description?: string | null;
  onHand?: number;
  published?: boolean;
  mediaIds?: Array<string>;
  idempotencyKey?: string | null;
};

export type CreateWorkspaceInput = {
  name: string;
  slug: string;
  description?: string | null;
};

export type LoginInput = {
  login: string;
  password: string;
};

export type OpenStoreInput = {
  name: string;
  slug?: string | null;
  description?: string | null;
};

export type RefreshSessionInput = {
  refreshToken: string;
};

export type RegisterInput = {
  handle: string;
  displayName: string;
  email: string;
  password: string;
};

export type RemoveWorkspaceMemberInput = {
  workspaceId: string;
  userId: string;
};

export type ReorderAlbumInput = {
  albumId: string;
  assetIds: Array<string>;
  after?: string | null;
};

export type ReportSubjectInput = {
  subjectId: string;
  reason: string;
};

export type SendMessageInput = {
  conversationId: string;
  body?: string;
  clientId?: string | null;
  attachmentIds?: Array<string>;
};

export type SetWorkspaceMemberInput = {
  workspaceId: string;
  userId: string;
  role?: WorkspaceRole;
};

export type UpdateAlbumInput = {
  id: string;
  title?: string | null;
  description?: string | null;
  visibility?: AlbumVisibility | null;
  coverId?: string | null;
};

export type UpdateDocumentInput = {
  id: string;
  expectedVersion: number;
  title?: string | null;
  content?: string | null;
  visibility?: DocumentVisibility | null;
};

export type UpdateMediaInput = {
  id: string;
  altText?: string | null;
  visibility?: MediaVisibility | null;
};

export type UpdatePostInput = {
  id: string;
  body?: string | null;
  visibility?: PostVisibility | null;
};

export type UpdateProductInput = {
  id: string;
  name?: string | null;
  description?: string | null;
  price?: { amount: number; currency: string } | null;
  published?: boolean | null;
  mediaIds?: Array<string> | null;
};

export type UpdateProfileInput = {
  displayName?: string | null;
  bio?: string | null;
  avatarId?: string | null;
};

export type UploadMediaInput = {
  file: File;
  visibility?: MediaVisibility;
  altText?: string | null;
  keepCopyright?: boolean;
};

export type AlbumParts = {
  id: string;
  title: string;
  description: string | null;
  visibility: AlbumVisibility;
  assetCount: number;
  viewerRole: AlbumRole | null;
  owner: {
    id: string;
    handle: string;
    displayName: string;
  } | null;
  cover: PictureParts | null;
};

export type DocumentLineParts = {
  id: string;
  title: string;
  visibility: DocumentVisibility;
  updatedAt: string;
  updatedBy: PersonParts | null;
};

export type DocumentParts = {
  id: string;
  title: string;
  visibility: DocumentVisibility;
  updatedAt: string;
  updatedBy: PersonParts | null;
  content: string;
  version: number;
  workspace: {
    id: string;
    slug: string;
    name: string;
    viewerRole: WorkspaceRole | null;
  } | null;
};

export type WorkspaceParts = {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  viewerRole: WorkspaceRole | null;
  members: Array<{
    role: WorkspaceRole;
    user: PersonParts | null;
  }>;
};

export type PageParts = {
  hasNextPage: boolean;
  endCursor: string | null;
};

export type ErrorParts = {
  code: ErrorCode;
  field: Array<string> | null;
  message: string;
};

export type SessionParts = {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
};

export type PictureParts = {
  id: string;
  kind: MediaKind;
  status: MediaStatus;
  visibility: MediaVisibility;
  altText: string | null;
  url: string;
  srcset: string | null;
  thumbnailUrl: string | null;
  blurPlaceholder: string | null;
  dominantColor: {
    r: number;
    g: number;
    b: number;
  } | null;
  metadata: {
    width: number;
    height: number;
    format: string;
  } | null;
};

export type PersonParts = {
  id: string;
  handle: string;
  displayName: string;
  avatar: PictureParts | null;
};

export type ProductParts = {
  id: string;
  slug: string;
  name: string;
  price: { amount: number; currency: string };
  inStock: boolean;
  media: Array<PictureParts | null>;
};

export type PostParts = {
  id: string;
  body: string | null;
  visibility: PostVisibility;
  createdAt: string;
  editedAt: string | null;
  author: PersonParts | null;
  media: Array<PictureParts | null>;
  taggedProducts: Array<ProductParts | null>;
  summary: {
    text: string;
  } | null;
  counts: {
    comments: number;
    reactions: number;
  };
  viewerReaction: ReactionKind | null;
};

export type CommentParts = {
  id: string;
  body: string | null;
  createdAt: string;
  author: PersonParts | null;
};

export type MediaParts = {
  id: string;
  kind: MediaKind;
  status: MediaStatus;
  visibility: MediaVisibility;
  altText: string | null;
  url: string;
  srcset: string | null;
  thumbnailUrl: string | null;
  blurPlaceholder: string | null;
  dominantColor: {
    r: number;
    g: number;
    b: number;
  } | null;
  metadata: {
    width: number;
    height: number;
    format: string;
    bytes: number;
  } | null;
  duration: number | null;
  keepCopyright: boolean;
  optimizedUrl: string | null;
  createdAt: string;
  owner: {
    id: string;
    handle: string;
    displayName: string;
  } | null;
};

export type ConversationParts = {
  id: string;
  lastSeq: number;
  unreadCount: number;
  members: Array<{
    user: PersonParts | null;
  }>;
  lastMessage: {
    id: string;
    body: string | null;
    createdAt: string;
    deletedAt: string | null;
  } | null;
};

export type MessageParts = {
  id: string;
  seq: number;
  body: string | null;
  createdAt: string;
  deletedAt: string | null;
  sender: PersonParts | null;
  attachments: Array<PictureParts | null>;
};

export type StoreParts = {
  id: string;
  slug: string;
  name: string;
  description: string | null;
};

export type OwnProductParts = {
  id: string;
  slug: string;
  name: string;
  price: { amount: number; currency: string };
  inStock: boolean;
  media: Array<PictureParts | null>;
  description: string | null;
  published: boolean;
  available: number;
};

export type CartParts = {
  id: string;
  itemCount: number;
  total: { amount: number; currency: string } | null;
  lines: Array<{
    id: string;
    quantity: number;
    unitPrice: { amount: number; currency: string } | null;
    lineTotal: { amount: number; currency: string } | null;
    product: {
      id: string;
      slug: string;
      name: string;
      price: { amount: number; currency: string };
      inStock: boolean;
      media: Array<PictureParts | null>;
      available: number;
    } | null;
  }>;
};

export type AlbumsVariables = {
  first: number;
  after?: string | null;
};

export type AlbumsResult = {
  albums: {
    edges: Array<{
      cursor: string;
      node: AlbumParts | null;
    }>;
    pageInfo: PageParts;
  };
};

export type AlbumByIdVariables = {
  id: string;
};

export type AlbumByIdResult = {
  album: AlbumParts | null;
};

export type AlbumAssetsVariables = {
  id: string;
  first: number;
  after?: string | null;
};

export type AlbumAssetsResult = {
  album: {
    id: string;
    assets: {
      edges: Array<{
        cursor: string;
        node: MediaParts | null;
      }>;
      pageInfo: PageParts;
    };
  } | null;
};

export type CreateAlbumVariables = {
  input: CreateAlbumInput;
};

export type CreateAlbumResult = {
  createAlbum: {
    album: AlbumParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UpdateAlbumVariables = {
  input: UpdateAlbumInput;
};

export type UpdateAlbumResult = {
  updateAlbum: {
    album: AlbumParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type AddToAlbumVariables = {
  input: AlbumAssetsInput;
};

export type AddToAlbumResult = {
  addToAlbum: {
    album: AlbumParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type RemoveFromAlbumVariables = {
  input: AlbumAssetsInput;
};

export type RemoveFromAlbumResult = {
  removeFromAlbum: {
    album: AlbumParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type ReorderAlbumVariables = {
  input: ReorderAlbumInput;
};

export type ReorderAlbumResult = {
  reorderAlbum: {
    album: AlbumParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type DeleteAlbumVariables = {
  id: string;
};

export type DeleteAlbumResult = {
  deleteAlbum: {
    deletedId: string | null;
    userErrors: Array<ErrorParts>;
  };
};

export type DiscoverVariables = Record<string, never>;

export type DiscoverResult = {
  publicMedia: {
    edges: Array<{
      node: PictureParts | null;
    }>;
  };
  products: {
    edges: Array<{
      node: ProductParts | null;
    }>;
  };
};

export type ProductPageVariables = {
  slug: string;
};

export type ProductPageResult = {
  product: {
    id: string;
    slug: string;
    name: string;
    price: { amount: number; currency: string };
    inStock: boolean;
    media: Array<PictureParts | null>;
    description: string | null;
    available: number;
    store: {
      id: string;
      name: string;
      owner: PersonParts | null;
    } | null;
    related: Array<ProductParts | null>;
    mentions: {
      edges: Array<{
        node: PostParts | null;
      }>;
    };
  } | null;
};

export type SearchVariables = {
  text: string;
  first: number;
  after?: string | null;
};

export type SearchResult = {
  search: {
    edges: Array<{
      cursor: string;
      node: {
        score: number;
        node: ({
          __typename: 'Album';
          id: string;
        } | {
          __typename: 'Comment';
          id: string;
        } | {
          __typename: 'Conversation';
          id: string;
        } | {
          __typename: 'Document';
          id: string;
        } | {
          __typename: 'MediaFile';
          id: string;
        } | {
          __typename: 'Message';
          id: string;
        } | {
          __typename: 'Post';
          id: string;
          body: string | null;
          createdAt: string;
          author: PersonParts | null;
        } | {
          __typename: 'Product';
          id: string;
          slug: string;
          name: string;
          price: { amount: number; currency: string };
          inStock: boolean;
          media: Array<PictureParts | null>;
        } | {
          __typename: 'Store';
          id: string;
        } | {
          __typename: 'User';
          id: string;
          handle: string;
          displayName: string;
          avatar: PictureParts | null;
        } | {
          __typename: 'Workspace';
          id: string;
        }) | null;
      } | null;
    }>;
    pageInfo: PageParts;
  };
};

export type WorkspacesVariables = {
  first: number;
  after?: string | null;
};

export type WorkspacesResult = {
  workspaces: {
    edges: Array<{
      cursor: string;
      node: {
        id: string;
        slug: string;
        name: string;
        description: string | null;
        documents: {
          edges: Array<{
            node: {
              id: string;
              title: string;
            } | null;
          }>;
        };
      } | null;
    }>;
    pageInfo: PageParts;
  };
};

export type WorkspaceBySlugVariables = {
  slug: string;
};

export type WorkspaceBySlugResult = {
  workspace: WorkspaceParts | null;
};

export type WorkspaceDocumentsVariables = {
  slug: string;
  first: number;
  after?: string | null;
};

export type WorkspaceDocumentsResult = {
  workspace: {
    id: string;
    documents: {
      edges: Array<{
        cursor: string;
        node: DocumentLineParts | null;
      }>;
      pageInfo: PageParts;
    };
  } | null;
};

export type DocumentByIdVariables = {
  id: string;
};

export type DocumentByIdResult = {
  document: DocumentParts | null;
};

export type PersonByHandleVariables = {
  handle: string;
};

export type PersonByHandleResult = {
  user: {
    id: string;
  } | null;
};

export type CreateWorkspaceVariables = {
  input: CreateWorkspaceInput;
};

export type CreateWorkspaceResult = {
  createWorkspace: {
    workspace: {
      id: string;
      slug: string;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type SetWorkspaceMemberVariables = {
  input: SetWorkspaceMemberInput;
};

export type SetWorkspaceMemberResult = {
  setWorkspaceMember: {
    workspace: WorkspaceParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type RemoveWorkspaceMemberVariables = {
  input: RemoveWorkspaceMemberInput;
};

export type RemoveWorkspaceMemberResult = {
  removeWorkspaceMember: {
    workspace: WorkspaceParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type CreateDocumentVariables = {
  input: CreateDocumentInput;
};

export type CreateDocumentResult = {
  createDocument: {
    document: {
      id: string;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UpdateDocumentVariables = {
  input: UpdateDocumentInput;
};

export type UpdateDocumentResult = {
  updateDocument: {
    document: DocumentParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type DeleteDocumentVariables = {
  id: string;
};

export type DeleteDocumentResult = {
  deleteDocument: {
    deletedId: string | null;
    userErrors: Array<ErrorParts>;
  };
};

export type FeedVariables = {
  kind: FeedKind;
  first: number;
  after?: string | null;
};

export type FeedResult = {
  feed: {
    edges: Array<{
      cursor: string;
      node: PostParts | null;
    }>;
    pageInfo: PageParts;
  };
};

export type PostByIdVariables = {
  id: string;
};

export type PostByIdResult = {
  post: PostParts | null;
};

export type CommentsVariables = {
  postId: string;
  first: number;
  after?: string | null;
};

export type CommentsResult = {
  post: {
    id: string;
    comments: {
      edges: Array<{
        cursor: string;
        node: CommentParts | null;
      }>;
      pageInfo: PageParts;
    };
  } | null;
};

export type CreatePostVariables = {
  input: CreatePostInput;
};

export type CreatePostResult = {
  createPost: {
    post: PostParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UpdatePostVariables = {
  input: UpdatePostInput;
};

export type UpdatePostResult = {
  updatePost: {
    post: PostParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type DeletePostVariables = {
  id: string;
};

export type DeletePostResult = {
  deletePost: {
    deletedId: string | null;
    userErrors: Array<ErrorParts>;
  };
};

export type AddCommentVariables = {
  input: AddCommentInput;
};

export type AddCommentResult = {
  addComment: {
    comment: CommentParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type DeleteCommentVariables = {
  id: string;
};

export type DeleteCommentResult = {
  deleteComment: {
    deletedId: string | null;
    userErrors: Array<ErrorParts>;
  };
};

export type ReportSubjectVariables = {
  input: ReportSubjectInput;
};

export type ReportSubjectResult = {
  reportSubject: {
    userErrors: Array<ErrorParts>;
  };
};

export type ReactVariables = {
  postId: string;
  kind: ReactionKind;
};

export type ReactResult = {
  react: {
    post: {
      id: string;
      viewerReaction: ReactionKind | null;
      counts: {
        comments: number;
        reactions: number;
      };
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UnreactVariables = {
  postId: string;
};

export type UnreactResult = {
  unreact: {
    post: {
      id: string;
      viewerReaction: ReactionKind | null;
      counts: {
        comments: number;
        reactions: number;
      };
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type FeedUpdatedVariables = Record<string, never>;

export type FeedUpdatedResult = {
  feedUpdated: {
    id: string;
  } | null;
};

export type FavoritesVariables = {
  first: number;
  after?: string | null;
};

export type FavoritesResult = {
  favorites: {
    edges: Array<{
      cursor: string;
      node: MediaParts | null;
    }>;
    pageInfo: PageParts;
  };
};

export type MediaTrashVariables = {
  first: number;
  after?: string | null;
};

export type MediaTrashResult = {
  mediaTrash: {
    edges: Array<{
      cursor: string;
      node: {
        id: string;
        kind: MediaKind;
        status: MediaStatus;
        visibility: MediaVisibility;
        altText: string | null;
        url: string;
        srcset: string | null;
        thumbnailUrl: string | null;
        blurPlaceholder: string | null;
        dominantColor: {
          r: number;
          g: number;
          b: number;
        } | null;
        metadata: {
          width: number;
          height: number;
          format: string;
          bytes: number;
        } | null;
        duration: number | null;
        keepCopyright: boolean;
        optimizedUrl: string | null;
        createdAt: string;
        owner: {
          id: string;
          handle: string;
          displayName: string;
        } | null;
        trashedAt: string | null;
      } | null;
    }>;
    pageInfo: PageParts;
  };
};

export type KeepingVariables = {
  id: string;
};

export type KeepingResult = {
  mediaFile: {
    id: string;
    viewerFavorite: boolean;
  } | null;
  albums: {
    edges: Array<{
      node: {
        id: string;
        title: string;
        viewerRole: AlbumRole | null;
      } | null;
    }>;
  };
};

export type FavoriteVariables = {
  id: string;
};

export type FavoriteResult = {
  favorite: {
    media: {
      id: string;
      viewerFavorite: boolean;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UnfavoriteVariables = {
  id: string;
};

export type UnfavoriteResult = {
  unfavorite: {
    media: {
      id: string;
      viewerFavorite: boolean;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type TrashAssetsVariables = {
  ids: Array<string>;
};

export type TrashAssetsResult = {
  trashAssets: {
    assets: Array<{
      id: string;
    }> | null;
    userErrors: Array<ErrorParts>;
  };
};

export type RestoreAssetsVariables = {
  ids: Array<string>;
};

export type RestoreAssetsResult = {
  restoreAssets: {
    assets: Array<{
      id: string;
    }> | null;
    userErrors: Array<ErrorParts>;
  };
};

export type PurgeAssetsVariables = {
  ids: Array<string>;
};

export type PurgeAssetsResult = {
  purgeAssets: {
    purgedIds: Array<string> | null;
    userErrors: Array<ErrorParts>;
  };
};

export type PublicMediaVariables = {
  first: number;
  after?: string | null;
};

export type PublicMediaResult = {
  publicMedia: {
    edges: Array<{
      cursor: string;
      node: MediaParts | null;
    }>;
    pageInfo: PageParts;
  };
};

export type OwnMediaVariables = {
  first: number;
  after?: string | null;
};

export type OwnMediaResult = {
  viewer: {
    id: string;
    mediaFiles: {
      edges: Array<{
        cursor: string;
        node: MediaParts | null;
      }>;
      pageInfo: PageParts;
    };
  } | null;
};

export type MediaByIdVariables = {
  id: string;
};

export type MediaByIdResult = {
  mediaFile: MediaParts | null;
};

export type UploadMediaVariables = {
  input: UploadMediaInput;
};

export type UploadMediaResult = {
  uploadMedia: {
    media: MediaParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type BeginUploadVariables = {
  input: BeginUploadInput;
};

export type BeginUploadResult = {
  beginUpload: {
    upload: {
      id: string;
    } | null;
    target: {
      url: string;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type CompleteUploadVariables = {
  id: string;
};

export type CompleteUploadResult = {
  completeUpload: {
    upload: {
      status: UploadStatus;
    } | null;
    media: MediaParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type AbortUploadVariables = {
  id: string;
};

export type AbortUploadResult = {
  abortUpload: {
    userErrors: Array<ErrorParts>;
  };
};

export type UpdateMediaVariables = {
  input: UpdateMediaInput;
};

export type UpdateMediaResult = {
  updateMedia: {
    media: MediaParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type SetKeepCopyrightVariables = {
  id: string;
  keep: boolean;
};

export type SetKeepCopyrightResult = {
  setKeepCopyright: {
    media: MediaParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type AssetStatusChangedVariables = Record<string, never>;

export type AssetStatusChangedResult = {
  assetStatusChanged: {
    id: string;
    status: MediaStatus;
  } | null;
};

export type ConversationsVariables = {
  first: number;
  after?: string | null;
};

export type ConversationsResult = {
  conversations: {
    edges: Array<{
      cursor: string;
      node: ConversationParts | null;
    }>;
    pageInfo: PageParts;
  };
};

export type ThreadVariables = {
  id: string;
  last: number;
};

export type ThreadResult = {
  conversation: {
    id: string;
    lastSeq: number;
    unreadCount: number;
    members: Array<{
      user: PersonParts | null;
    }>;
    lastMessage: {
      id: string;
      body: string | null;
      createdAt: string;
      deletedAt: string | null;
    } | null;
    messages: {
      edges: Array<{
        node: MessageParts | null;
      }>;
      pageInfo: {
        hasPreviousPage: boolean;
        startCursor: string | null;
      };
    };
  } | null;
};

export type EarlierMessagesVariables = {
  id: string;
  last: number;
  before?: string | null;
};

export type EarlierMessagesResult = {
  conversation: {
    id: string;
    messages: {
      edges: Array<{
        node: MessageParts | null;
      }>;
      pageInfo: {
        hasPreviousPage: boolean;
        startCursor: string | null;
      };
    };
  } | null;
};

export type MessageEventsVariables = {
  conversationId: string;
  sinceSeq?: number | null;
};

export type MessageEventsResult = {
  messageEvents: MessageParts | null;
};

export type OpenDirectVariables = {
  userId: string;
};

export type OpenDirectResult = {
  openDirect: {
    conversation: {
      id: string;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type SendMessageVariables = {
  input: SendMessageInput;
};

export type SendMessageResult = {
  sendMessage: {
    message: MessageParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type DeleteMessageVariables = {
  id: string;
};

export type DeleteMessageResult = {
  deleteMessage: {
    message: MessageParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type MarkReadVariables = {
  conversationId: string;
  seq: number;
};

export type MarkReadResult = {
  markRead: {
    conversation: {
      id: string;
      unreadCount: number;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type ProfileVariables = {
  handle: string;
};

export type ProfileResult = {
  user: {
    id: string;
    handle: string;
    displayName: string;
    avatar: PictureParts | null;
    bio: string | null;
    createdAt: string;
    followerCount: number;
    followingCount: number;
    viewerRelation: {
      isSelf: boolean;
      following: boolean;
      followedBy: boolean;
    };
    store: {
      id: string;
      name: string;
      products: {
        edges: Array<{
          node: ProductParts | null;
        }>;
      };
    } | null;
    publicDocuments: {
      edges: Array<{
        node: {
          id: string;
          title: string;
          updatedAt: string;
        } | null;
      }>;
    };
  } | null;
};

export type ProfilePostsVariables = {
  handle: string;
  first: number;
  after?: string | null;
};

export type ProfilePostsResult = {
  user: {
    id: string;
    posts: {
      edges: Array<{
        cursor: string;
        node: PostParts | null;
      }>;
      pageInfo: PageParts;
    };
  } | null;
};

export type UpdateProfileVariables = {
  input: UpdateProfileInput;
};

export type UpdateProfileResult = {
  updateProfile: {
    user: {
      id: string;
      handle: string;
      displayName: string;
      avatar: PictureParts | null;
      bio: string | null;
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type FollowVariables = {
  userId: string;
};

export type FollowResult = {
  follow: {
    user: {
      id: string;
      followerCount: number;
      viewerRelation: {
        isSelf: boolean;
        following: boolean;
        followedBy: boolean;
      };
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UnfollowVariables = {
  userId: string;
};

export type UnfollowResult = {
  unfollow: {
    user: {
      id: string;
      followerCount: number;
      viewerRelation: {
        isSelf: boolean;
        following: boolean;
        followedBy: boolean;
      };
    } | null;
    userErrors: Array<ErrorParts>;
  };
};

export type OwnStoreVariables = Record<string, never>;

export type OwnStoreResult = {
  viewer: {
    id: string;
    store: StoreParts | null;
  } | null;
};

export type OwnProductsVariables = {
  first: number;
  after?: string | null;
};

export type OwnProductsResult = {
  viewer: {
    id: string;
    store: {
      id: string;
      products: {
        edges: Array<{
          cursor: string;
          node: OwnProductParts | null;
        }>;
        pageInfo: PageParts;
      };
    } | null;
  } | null;
};

export type OpenStoreVariables = {
  input: OpenStoreInput;
};

export type OpenStoreResult = {
  openStore: {
    store: StoreParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type CreateProductVariables = {
  input: CreateProductInput;
};

export type CreateProductResult = {
  createProduct: {
    product: OwnProductParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UpdateProductVariables = {
  input: UpdateProductInput;
};

export type UpdateProductResult = {
  updateProduct: {
    product: OwnProductParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type AdjustStockVariables = {
  input: AdjustStockInput;
};

export type AdjustStockResult = {
  adjustStock: {
    product: OwnProductParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type LoginVariables = {
  input: LoginInput;
};

export type LoginResult = {
  login: {
    session: SessionParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type RegisterVariables = {
  input: RegisterInput;
};

export type RegisterResult = {
  register: {
    session: SessionParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type RefreshSessionVariables = {
  input: RefreshSessionInput;
};

export type RefreshSessionResult = {
  refreshSession: {
    session: SessionParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type LogoutVariables = Record<string, never>;

export type LogoutResult = {
  logout: {
    userErrors: Array<ErrorParts>;
  };
};

export type ViewerVariables = Record<string, never>;

export type ViewerResult = {
  viewer: {
    id: string;
    handle: string;
    displayName: string;
    avatar: PictureParts | null;
    role: UserRole;
    cart: {
      itemCount: number;
    } | null;
  } | null;
};

export type ProductsVariables = {
  first: number;
  after?: string | null;
};

export type ProductsResult = {
  products: {
    edges: Array<{
      cursor: string;
      node: {
        id: string;
        slug: string;
        name: string;
        price: { amount: number; currency: string };
        inStock: boolean;
        media: Array<PictureParts | null>;
        published: boolean;
      } | null;
    }>;
    pageInfo: PageParts;
  };
};

export type OwnCartVariables = Record<string, never>;

export type OwnCartResult = {
  viewer: {
    id: string;
    cart: CartParts | null;
  } | null;
};

export type AddToCartVariables = {
  productId: string;
  quantity: number;
};

export type AddToCartResult = {
  addToCart: {
    cart: CartParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type UpdateCartLineVariables = {
  lineId: string;
  quantity: number;
};

export type UpdateCartLineResult = {
  updateCartLine: {
    cart: CartParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export type RemoveFromCartVariables = {
  lineId: string;
};

export type RemoveFromCartResult = {
  removeFromCart: {
    cart: CartParts | null;
    userErrors: Array<ErrorParts>;
  };
};

export const Albums: Typed<AlbumsResult, AlbumsVariables> = {
  name: 'Albums',
  text: "query Albums($first:Int!$after:String){albums(first:$first after:$after){edges{cursor node{...AlbumParts}}pageInfo{...PageParts}}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const AlbumById: Typed<AlbumByIdResult, AlbumByIdVariables> = {
  name: 'AlbumById',
  text: "query AlbumById($id:ID!){album(id:$id){...AlbumParts}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const AlbumAssets: Typed<AlbumAssetsResult, AlbumAssetsVariables> = {
  name: 'AlbumAssets',
  text: "query AlbumAssets($id:ID!$first:Int!$after:String){album(id:$id){id assets(first:$first after:$after){edges{cursor node{...MediaParts}}pageInfo{...PageParts}}}}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const CreateAlbum: Typed<CreateAlbumResult, CreateAlbumVariables> = {
  name: 'CreateAlbum',
  text: "mutation CreateAlbum($input:CreateAlbumInput!){createAlbum(input:$input){album{...AlbumParts}userErrors{...ErrorParts}}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const UpdateAlbum: Typed<UpdateAlbumResult, UpdateAlbumVariables> = {
  name: 'UpdateAlbum',
  text: "mutation UpdateAlbum($input:UpdateAlbumInput!){updateAlbum(input:$input){album{...AlbumParts}userErrors{...ErrorParts}}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const AddToAlbum: Typed<AddToAlbumResult, AddToAlbumVariables> = {
  name: 'AddToAlbum',
  text: "mutation AddToAlbum($input:AlbumAssetsInput!){addToAlbum(input:$input){album{...AlbumParts}userErrors{...ErrorParts}}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const RemoveFromAlbum: Typed<RemoveFromAlbumResult, RemoveFromAlbumVariables> = {
  name: 'RemoveFromAlbum',
  text: "mutation RemoveFromAlbum($input:AlbumAssetsInput!){removeFromAlbum(input:$input){album{...AlbumParts}userErrors{...ErrorParts}}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const ReorderAlbum: Typed<ReorderAlbumResult, ReorderAlbumVariables> = {
  name: 'ReorderAlbum',
  text: "mutation ReorderAlbum($input:ReorderAlbumInput!){reorderAlbum(input:$input){album{...AlbumParts}userErrors{...ErrorParts}}}fragment AlbumParts on Album{id title description visibility assetCount viewerRole owner{id handle displayName}cover{...PictureParts}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const DeleteAlbum: Typed<DeleteAlbumResult, DeleteAlbumVariables> = {
  name: 'DeleteAlbum',
  text: "mutation DeleteAlbum($id:ID!){deleteAlbum(input:{id:$id}){deletedId userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Discover: Typed<DiscoverResult, DiscoverVariables> = {
  name: 'Discover',
  text: "query Discover{publicMedia(first:6){edges{node{...PictureParts}}}products(first:3){edges{node{...ProductParts}}}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const ProductPage: Typed<ProductPageResult, ProductPageVariables> = {
  name: 'ProductPage',
  text: "query ProductPage($slug:String!){product(slug:$slug){...ProductParts description available store{id name owner{...PersonParts}}related(first:4){...ProductParts}mentions(first:5){edges{node{...PostParts}}}}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment PostParts on Post{id body visibility createdAt editedAt author{...PersonParts}media{...PictureParts}taggedProducts{...ProductParts}summary(maxWords:30){text}counts{comments reactions}viewerReaction}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const Search: Typed<SearchResult, SearchVariables> = {
  name: 'Search',
  text: "query Search($text:String!$first:Int!$after:String){search(text:$text first:$first after:$after){edges{cursor node{score node{__typename id ...on User{...PersonParts}...on Post{body createdAt author{...PersonParts}}...on Product{...ProductParts}}}}pageInfo{...PageParts}}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const Workspaces: Typed<WorkspacesResult, WorkspacesVariables> = {
  name: 'Workspaces',
  text: "query Workspaces($first:Int!$after:String){workspaces(first:$first after:$after){edges{cursor node{id slug name description documents(first:3){edges{node{id title}}}}}pageInfo{...PageParts}}}fragment PageParts on PageInfo{hasNextPage endCursor}",
};

export const WorkspaceBySlug: Typed<WorkspaceBySlugResult, WorkspaceBySlugVariables> = {
  name: 'WorkspaceBySlug',
  text: "query WorkspaceBySlug($slug:String!){workspace(slug:$slug){...WorkspaceParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment WorkspaceParts on Workspace{id slug name description viewerRole members{role user{...PersonParts}}}",
};

export const WorkspaceDocuments: Typed<WorkspaceDocumentsResult, WorkspaceDocumentsVariables> = {
  name: 'WorkspaceDocuments',
  text: "query WorkspaceDocuments($slug:String!$first:Int!$after:String){workspace(slug:$slug){id documents(first:$first after:$after){edges{cursor node{...DocumentLineParts}}pageInfo{...PageParts}}}}fragment DocumentLineParts on Document{id title visibility updatedAt updatedBy{...PersonParts}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const DocumentById: Typed<DocumentByIdResult, DocumentByIdVariables> = {
  name: 'DocumentById',
  text: "query DocumentById($id:ID!){document(id:$id){...DocumentParts}}fragment DocumentLineParts on Document{id title visibility updatedAt updatedBy{...PersonParts}}fragment DocumentParts on Document{...DocumentLineParts content version workspace{id slug name viewerRole}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const PersonByHandle: Typed<PersonByHandleResult, PersonByHandleVariables> = {
  name: 'PersonByHandle',
  text: "query PersonByHandle($handle:String!){user(handle:$handle){id}}",
};

export const CreateWorkspace: Typed<CreateWorkspaceResult, CreateWorkspaceVariables> = {
  name: 'CreateWorkspace',
  text: "mutation CreateWorkspace($input:CreateWorkspaceInput!){createWorkspace(input:$input){workspace{id slug}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const SetWorkspaceMember: Typed<SetWorkspaceMemberResult, SetWorkspaceMemberVariables> = {
  name: 'SetWorkspaceMember',
  text: "mutation SetWorkspaceMember($input:SetWorkspaceMemberInput!){setWorkspaceMember(input:$input){workspace{...WorkspaceParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment WorkspaceParts on Workspace{id slug name description viewerRole members{role user{...PersonParts}}}",
};

export const RemoveWorkspaceMember: Typed<RemoveWorkspaceMemberResult, RemoveWorkspaceMemberVariables> = {
  name: 'RemoveWorkspaceMember',
  text: "mutation RemoveWorkspaceMember($input:RemoveWorkspaceMemberInput!){removeWorkspaceMember(input:$input){workspace{...WorkspaceParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment WorkspaceParts on Workspace{id slug name description viewerRole members{role user{...PersonParts}}}",
};

export const CreateDocument: Typed<CreateDocumentResult, CreateDocumentVariables> = {
  name: 'CreateDocument',
  text: "mutation CreateDocument($input:CreateDocumentInput!){createDocument(input:$input){document{id}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const UpdateDocument: Typed<UpdateDocumentResult, UpdateDocumentVariables> = {
  name: 'UpdateDocument',
  text: "mutation UpdateDocument($input:UpdateDocumentInput!){updateDocument(input:$input){document{...DocumentParts}userErrors{...ErrorParts}}}fragment DocumentLineParts on Document{id title visibility updatedAt updatedBy{...PersonParts}}fragment DocumentParts on Document{...DocumentLineParts content version workspace{id slug name viewerRole}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const DeleteDocument: Typed<DeleteDocumentResult, DeleteDocumentVariables> = {
  name: 'DeleteDocument',
  text: "mutation DeleteDocument($id:ID!){deleteDocument(input:{id:$id}){deletedId userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Feed: Typed<FeedResult, FeedVariables> = {
  name: 'Feed',
  text: "query Feed($kind:FeedKind!$first:Int!$after:String){feed(kind:$kind first:$first after:$after){edges{cursor node{...PostParts}}pageInfo{...PageParts}}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment PostParts on Post{id body visibility createdAt editedAt author{...PersonParts}media{...PictureParts}taggedProducts{...ProductParts}summary(maxWords:30){text}counts{comments reactions}viewerReaction}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const PostById: Typed<PostByIdResult, PostByIdVariables> = {
  name: 'PostById',
  text: "query PostById($id:ID!){post(id:$id){...PostParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment PostParts on Post{id body visibility createdAt editedAt author{...PersonParts}media{...PictureParts}taggedProducts{...ProductParts}summary(maxWords:30){text}counts{comments reactions}viewerReaction}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const Comments: Typed<CommentsResult, CommentsVariables> = {
  name: 'Comments',
  text: "query Comments($postId:ID!$first:Int!$after:String){post(id:$postId){id comments(first:$first after:$after){edges{cursor node{...CommentParts}}pageInfo{...PageParts}}}}fragment CommentParts on Comment{id body createdAt author{...PersonParts}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const CreatePost: Typed<CreatePostResult, CreatePostVariables> = {
  name: 'CreatePost',
  text: "mutation CreatePost($input:CreatePostInput!){createPost(input:$input){post{...PostParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment PostParts on Post{id body visibility createdAt editedAt author{...PersonParts}media{...PictureParts}taggedProducts{...ProductParts}summary(maxWords:30){text}counts{comments reactions}viewerReaction}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const UpdatePost: Typed<UpdatePostResult, UpdatePostVariables> = {
  name: 'UpdatePost',
  text: "mutation UpdatePost($input:UpdatePostInput!){updatePost(input:$input){post{...PostParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment PostParts on Post{id body visibility createdAt editedAt author{...PersonParts}media{...PictureParts}taggedProducts{...ProductParts}summary(maxWords:30){text}counts{comments reactions}viewerReaction}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const DeletePost: Typed<DeletePostResult, DeletePostVariables> = {
  name: 'DeletePost',
  text: "mutation DeletePost($id:ID!){deletePost(input:{id:$id}){deletedId userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const AddComment: Typed<AddCommentResult, AddCommentVariables> = {
  name: 'AddComment',
  text: "mutation AddComment($input:AddCommentInput!){addComment(input:$input){comment{...CommentParts}userErrors{...ErrorParts}}}fragment CommentParts on Comment{id body createdAt author{...PersonParts}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const DeleteComment: Typed<DeleteCommentResult, DeleteCommentVariables> = {
  name: 'DeleteComment',
  text: "mutation DeleteComment($id:ID!){deleteComment(input:{id:$id}){deletedId userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const ReportSubject: Typed<ReportSubjectResult, ReportSubjectVariables> = {
  name: 'ReportSubject',
  text: "mutation ReportSubject($input:ReportSubjectInput!){reportSubject(input:$input){userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const React: Typed<ReactResult, ReactVariables> = {
  name: 'React',
  text: "mutation React($postId:ID!$kind:ReactionKind!){react(input:{postId:$postId kind:$kind}){post{id viewerReaction counts{comments reactions}}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Unreact: Typed<UnreactResult, UnreactVariables> = {
  name: 'Unreact',
  text: "mutation Unreact($postId:ID!){unreact(input:{postId:$postId}){post{id viewerReaction counts{comments reactions}}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const FeedUpdated: Typed<FeedUpdatedResult, FeedUpdatedVariables> = {
  name: 'FeedUpdated',
  text: "subscription FeedUpdated{feedUpdated{id}}",
};

export const Favorites: Typed<FavoritesResult, FavoritesVariables> = {
  name: 'Favorites',
  text: "query Favorites($first:Int!$after:String){favorites(first:$first after:$after){edges{cursor node{...MediaParts}}pageInfo{...PageParts}}}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const MediaTrash: Typed<MediaTrashResult, MediaTrashVariables> = {
  name: 'MediaTrash',
  text: "query MediaTrash($first:Int!$after:String){mediaTrash(first:$first after:$after){edges{cursor node{...MediaParts trashedAt}}pageInfo{...PageParts}}}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const Keeping: Typed<KeepingResult, KeepingVariables> = {
  name: 'Keeping',
  text: "query Keeping($id:ID!){mediaFile(id:$id){id viewerFavorite}albums(first:100){edges{node{id title viewerRole}}}}",
};

export const Favorite: Typed<FavoriteResult, FavoriteVariables> = {
  name: 'Favorite',
  text: "mutation Favorite($id:ID!){favorite(input:{id:$id}){media{id viewerFavorite}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Unfavorite: Typed<UnfavoriteResult, UnfavoriteVariables> = {
  name: 'Unfavorite',
  text: "mutation Unfavorite($id:ID!){unfavorite(input:{id:$id}){media{id viewerFavorite}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const TrashAssets: Typed<TrashAssetsResult, TrashAssetsVariables> = {
  name: 'TrashAssets',
  text: "mutation TrashAssets($ids:[ID!]!){trashAssets(input:{ids:$ids}){assets{id}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const RestoreAssets: Typed<RestoreAssetsResult, RestoreAssetsVariables> = {
  name: 'RestoreAssets',
  text: "mutation RestoreAssets($ids:[ID!]!){restoreAssets(input:{ids:$ids}){assets{id}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const PurgeAssets: Typed<PurgeAssetsResult, PurgeAssetsVariables> = {
  name: 'PurgeAssets',
  text: "mutation PurgeAssets($ids:[ID!]!){purgeAssets(input:{ids:$ids}){purgedIds userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const PublicMedia: Typed<PublicMediaResult, PublicMediaVariables> = {
  name: 'PublicMedia',
  text: "query PublicMedia($first:Int!$after:String){publicMedia(first:$first after:$after){edges{cursor node{...MediaParts}}pageInfo{...PageParts}}}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const OwnMedia: Typed<OwnMediaResult, OwnMediaVariables> = {
  name: 'OwnMedia',
  text: "query OwnMedia($first:Int!$after:String){viewer{id mediaFiles(first:$first after:$after){edges{cursor node{...MediaParts}}pageInfo{...PageParts}}}}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const MediaById: Typed<MediaByIdResult, MediaByIdVariables> = {
  name: 'MediaById',
  text: "query MediaById($id:ID!){mediaFile(id:$id){...MediaParts}}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const UploadMedia: Typed<UploadMediaResult, UploadMediaVariables> = {
  name: 'UploadMedia',
  text: "mutation UploadMedia($input:UploadMediaInput!){uploadMedia(input:$input){media{...MediaParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const BeginUpload: Typed<BeginUploadResult, BeginUploadVariables> = {
  name: 'BeginUpload',
  text: "mutation BeginUpload($input:BeginUploadInput!){beginUpload(input:$input){upload{id}target{url}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const CompleteUpload: Typed<CompleteUploadResult, CompleteUploadVariables> = {
  name: 'CompleteUpload',
  text: "mutation CompleteUpload($id:ID!){completeUpload(input:{id:$id}){upload{status}media{...MediaParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const AbortUpload: Typed<AbortUploadResult, AbortUploadVariables> = {
  name: 'AbortUpload',
  text: "mutation AbortUpload($id:ID!){abortUpload(input:{id:$id}){userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const UpdateMedia: Typed<UpdateMediaResult, UpdateMediaVariables> = {
  name: 'UpdateMedia',
  text: "mutation UpdateMedia($input:UpdateMediaInput!){updateMedia(input:$input){media{...MediaParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const SetKeepCopyright: Typed<SetKeepCopyrightResult, SetKeepCopyrightVariables> = {
  name: 'SetKeepCopyright',
  text: "mutation SetKeepCopyright($id:ID!$keep:Boolean!){setKeepCopyright(input:{id:$id keep:$keep}){media{...MediaParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment MediaParts on MediaFile{...PictureParts duration keepCopyright optimizedUrl createdAt owner{id handle displayName}metadata{bytes}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const AssetStatusChanged: Typed<AssetStatusChangedResult, AssetStatusChangedVariables> = {
  name: 'AssetStatusChanged',
  text: "subscription AssetStatusChanged{assetStatusChanged{id status}}",
};

export const Conversations: Typed<ConversationsResult, ConversationsVariables> = {
  name: 'Conversations',
  text: "query Conversations($first:Int!$after:String){conversations(first:$first after:$after){edges{cursor node{...ConversationParts}}pageInfo{...PageParts}}}fragment ConversationParts on Conversation{id lastSeq unreadCount members{user{...PersonParts}}lastMessage{id body createdAt deletedAt}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const Thread: Typed<ThreadResult, ThreadVariables> = {
  name: 'Thread',
  text: "query Thread($id:ID!$last:Int!){conversation(id:$id){...ConversationParts messages(last:$last){edges{node{...MessageParts}}pageInfo{hasPreviousPage startCursor}}}}fragment ConversationParts on Conversation{id lastSeq unreadCount members{user{...PersonParts}}lastMessage{id body createdAt deletedAt}}fragment MessageParts on Message{id seq body createdAt deletedAt sender{...PersonParts}attachments{...PictureParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const EarlierMessages: Typed<EarlierMessagesResult, EarlierMessagesVariables> = {
  name: 'EarlierMessages',
  text: "query EarlierMessages($id:ID!$last:Int!$before:String){conversation(id:$id){id messages(last:$last before:$before){edges{node{...MessageParts}}pageInfo{hasPreviousPage startCursor}}}}fragment MessageParts on Message{id seq body createdAt deletedAt sender{...PersonParts}attachments{...PictureParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const MessageEvents: Typed<MessageEventsResult, MessageEventsVariables> = {
  name: 'MessageEvents',
  text: "subscription MessageEvents($conversationId:ID!$sinceSeq:Int){messageEvents(conversationId:$conversationId sinceSeq:$sinceSeq){...MessageParts}}fragment MessageParts on Message{id seq body createdAt deletedAt sender{...PersonParts}attachments{...PictureParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const OpenDirect: Typed<OpenDirectResult, OpenDirectVariables> = {
  name: 'OpenDirect',
  text: "mutation OpenDirect($userId:ID!){openDirect(input:{userId:$userId}){conversation{id}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const SendMessage: Typed<SendMessageResult, SendMessageVariables> = {
  name: 'SendMessage',
  text: "mutation SendMessage($input:SendMessageInput!){sendMessage(input:$input){message{...MessageParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment MessageParts on Message{id seq body createdAt deletedAt sender{...PersonParts}attachments{...PictureParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const DeleteMessage: Typed<DeleteMessageResult, DeleteMessageVariables> = {
  name: 'DeleteMessage',
  text: "mutation DeleteMessage($id:ID!){deleteMessage(input:{id:$id}){message{...MessageParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment MessageParts on Message{id seq body createdAt deletedAt sender{...PersonParts}attachments{...PictureParts}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const MarkRead: Typed<MarkReadResult, MarkReadVariables> = {
  name: 'MarkRead',
  text: "mutation MarkRead($conversationId:ID!$seq:Int!){markRead(input:{conversationId:$conversationId seq:$seq}){conversation{id unreadCount}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Profile: Typed<ProfileResult, ProfileVariables> = {
  name: 'Profile',
  text: "query Profile($handle:String!){user(handle:$handle){...PersonParts bio createdAt followerCount followingCount viewerRelation{isSelf following followedBy}store{id name products(first:6){edges{node{...ProductParts}}}}publicDocuments(first:5){edges{node{id title updatedAt}}}}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const ProfilePosts: Typed<ProfilePostsResult, ProfilePostsVariables> = {
  name: 'ProfilePosts',
  text: "query ProfilePosts($handle:String!$first:Int!$after:String){user(handle:$handle){id posts(first:$first after:$after){edges{cursor node{...PostParts}}pageInfo{...PageParts}}}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment PostParts on Post{id body visibility createdAt editedAt author{...PersonParts}media{...PictureParts}taggedProducts{...ProductParts}summary(maxWords:30){text}counts{comments reactions}viewerReaction}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const UpdateProfile: Typed<UpdateProfileResult, UpdateProfileVariables> = {
  name: 'UpdateProfile',
  text: "mutation UpdateProfile($input:UpdateProfileInput!){updateProfile(input:$input){user{...PersonParts bio}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const Follow: Typed<FollowResult, FollowVariables> = {
  name: 'Follow',
  text: "mutation Follow($userId:ID!){follow(input:{userId:$userId}){user{id followerCount viewerRelation{isSelf following followedBy}}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Unfollow: Typed<UnfollowResult, UnfollowVariables> = {
  name: 'Unfollow',
  text: "mutation Unfollow($userId:ID!){unfollow(input:{userId:$userId}){user{id followerCount viewerRelation{isSelf following followedBy}}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const OwnStore: Typed<OwnStoreResult, OwnStoreVariables> = {
  name: 'OwnStore',
  text: "query OwnStore{viewer{id store{...StoreParts}}}fragment StoreParts on Store{id slug name description}",
};

export const OwnProducts: Typed<OwnProductsResult, OwnProductsVariables> = {
  name: 'OwnProducts',
  text: "query OwnProducts($first:Int!$after:String){viewer{id store{id products(first:$first after:$after){edges{cursor node{...OwnProductParts}}pageInfo{...PageParts}}}}}fragment OwnProductParts on Product{...ProductParts description published available}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const OpenStore: Typed<OpenStoreResult, OpenStoreVariables> = {
  name: 'OpenStore',
  text: "mutation OpenStore($input:OpenStoreInput!){openStore(input:$input){store{...StoreParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment StoreParts on Store{id slug name description}",
};

export const CreateProduct: Typed<CreateProductResult, CreateProductVariables> = {
  name: 'CreateProduct',
  text: "mutation CreateProduct($input:CreateProductInput!){createProduct(input:$input){product{...OwnProductParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment OwnProductParts on Product{...ProductParts description published available}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const UpdateProduct: Typed<UpdateProductResult, UpdateProductVariables> = {
  name: 'UpdateProduct',
  text: "mutation UpdateProduct($input:UpdateProductInput!){updateProduct(input:$input){product{...OwnProductParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment OwnProductParts on Product{...ProductParts description published available}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const AdjustStock: Typed<AdjustStockResult, AdjustStockVariables> = {
  name: 'AdjustStock',
  text: "mutation AdjustStock($input:AdjustStockInput!){adjustStock(input:$input){product{...OwnProductParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment OwnProductParts on Product{...ProductParts description published available}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const Login: Typed<LoginResult, LoginVariables> = {
  name: 'Login',
  text: "mutation Login($input:LoginInput!){login(input:$input){session{...SessionParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment SessionParts on Session{accessToken refreshToken expiresAt}",
};

export const Register: Typed<RegisterResult, RegisterVariables> = {
  name: 'Register',
  text: "mutation Register($input:RegisterInput!){register(input:$input){session{...SessionParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment SessionParts on Session{accessToken refreshToken expiresAt}",
};

export const RefreshSession: Typed<RefreshSessionResult, RefreshSessionVariables> = {
  name: 'RefreshSession',
  text: "mutation RefreshSession($input:RefreshSessionInput!){refreshSession(input:$input){session{...SessionParts}userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}fragment SessionParts on Session{accessToken refreshToken expiresAt}",
};

export const Logout: Typed<LogoutResult, LogoutVariables> = {
  name: 'Logout',
  text: "mutation Logout{logout{userErrors{...ErrorParts}}}fragment ErrorParts on UserError{code field message}",
};

export const Viewer: Typed<ViewerResult, ViewerVariables> = {
  name: 'Viewer',
  text: "query Viewer{viewer{...PersonParts role cart{itemCount}}}fragment PersonParts on User{id handle displayName avatar{...PictureParts}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}",
};

export const Products: Typed<ProductsResult, ProductsVariables> = {
  name: 'Products',
  text: "query Products($first:Int!$after:String){products(first:$first after:$after){edges{cursor node{...ProductParts published}}pageInfo{...PageParts}}}fragment PageParts on PageInfo{hasNextPage endCursor}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const OwnCart: Typed<OwnCartResult, OwnCartVariables> = {
  name: 'OwnCart',
  text: "query OwnCart{viewer{id cart{...CartParts}}}fragment CartParts on Cart{id itemCount total lines{id quantity unitPrice lineTotal product{...ProductParts available}}}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const AddToCart: Typed<AddToCartResult, AddToCartVariables> = {
  name: 'AddToCart',
  text: "mutation AddToCart($productId:ID!$quantity:Int!){addToCart(input:{productId:$productId quantity:$quantity}){cart{...CartParts}userErrors{...ErrorParts}}}fragment CartParts on Cart{id itemCount total lines{id quantity unitPrice lineTotal product{...ProductParts available}}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const UpdateCartLine: Typed<UpdateCartLineResult, UpdateCartLineVariables> = {
  name: 'UpdateCartLine',
  text: "mutation UpdateCartLine($lineId:ID!$quantity:Int!){updateCartLine(input:{lineId:$lineId quantity:$quantity}){cart{...CartParts}userErrors{...ErrorParts}}}fragment CartParts on Cart{id itemCount total lines{id quantity unitPrice lineTotal product{...ProductParts available}}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};

export const RemoveFromCart: Typed<RemoveFromCartResult, RemoveFromCartVariables> = {
  name: 'RemoveFromCart',
  text: "mutation RemoveFromCart($lineId:ID!){removeFromCart(input:{lineId:$lineId}){cart{...CartParts}userErrors{...ErrorParts}}}fragment CartParts on Cart{id itemCount total lines{id quantity unitPrice lineTotal product{...ProductParts available}}}fragment ErrorParts on UserError{code field message}fragment PictureParts on MediaFile{id kind status visibility altText url srcset thumbnailUrl blurPlaceholder dominantColor{r g b}metadata{width height format}}fragment ProductParts on Product{id slug name price inStock media{...PictureParts}}",
};
