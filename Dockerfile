# The payment handler's image: one file on AWS's own Node base image.
#
#   docker build --platform linux/amd64 --provenance=false -t payment-processor .
#
# Lambda takes images of a single architecture, hence no multi-platform index and no provenance.
# There is no HEALTHCHECK: Lambda never runs one; it watches the runtime itself.

ARG BUILD_IMAGE=public.ecr.aws/docker/library/node:22-slim
# Any Node from 20 on runs the bundle; Lambda supports 22 until April 2027 (20 ended in April 2026). Pin a digest for a release.
ARG BASE_IMAGE=public.ecr.aws/lambda/nodejs:22

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# The lock file first: as long as it is the same, the installed packages come from the cache.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY scripts/build.mjs scripts/build.mjs
COPY tsconfig.json ./
COPY src/support src/support
COPY functions functions
RUN node scripts/build.mjs handler

FROM ${BASE_IMAGE} AS final
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="payment-processor" \
      org.opencontainers.image.description="Payment handler of payments-dr, for AWS Lambda" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
# Owned by root and writable by nobody: the function cannot change its own code.
COPY --from=build --chmod=0444 /build/dist/functions/payment-processor/index.mjs ${LAMBDA_TASK_ROOT}/index.mjs
# Lambda runs every image as an unprivileged user of its own, whatever is said here; elsewhere (the runtime interface
# emulator on a laptop) this keeps it from being root. A number needs no entry in the base's /etc/passwd.
USER 65534:65534
CMD ["index.handler"]
