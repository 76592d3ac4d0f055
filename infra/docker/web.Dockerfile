# checkov:skip=CKV_DOCKER_2:whoever runs it asks /health/live and /health/ready
# checkov:skip=CKV_DOCKER_7:the argument names a tag or a digest
# The web app and GraphiQL, behind the gateway: the image of gateway and subgraphs with the built pages in it. From the root:
#   docker build -f infra/docker/web.Dockerfile --build-arg LETS_CONNECT=lets-connect:0.1.0 -t lets-connect-web .
# Base images as in the other Dockerfile: by digest, renewed by hand.
ARG LETS_CONNECT
FROM docker.io/library/node:22-slim@sha256:83f487e0a63425e5b4d146fb5e5be574bcbe1b7b843d3ebafdd95eaf7767a7e5 AS build
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund --no-update-notifier
COPY web ./
RUN npm run build

# hadolint ignore=DL3006 # the argument names a tag or a digest
FROM ${LETS_CONNECT}
LABEL org.opencontainers.image.title="Let's Connect: the gateway with the web app"
COPY --from=build /build/web/dist /app/web/dist
COPY --from=build /build/gateway/edge/graphiql /app/gateway/edge/graphiql
USER 10001:10001
