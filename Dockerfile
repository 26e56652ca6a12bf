# One image for both services; Compose and Kubernetes choose by the command:
#   docker run … posthorn                             the API
#   docker run … posthorn node apps/worker/src/main.ts   a worker
#
# TypeScript is run directly by Node, so only the dashboard is built: the workspace is copied and its
# production packages are installed. (`pnpm deploy` would put our own packages into node_modules,
# where Node does not strip types.)
FROM node:24.21.0-slim

ENV NODE_ENV=production
# A look-up by getaddrinfo holds a thread of libuv's pool until the resolver answers. Of the default four,
# four names with a slow resolver would take all, and every other look-up would wait behind them.
ENV UV_THREADPOOL_SIZE=32
WORKDIR /app

# The packages first: they change less often than the code, and their layer is used again.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/api/package.json apps/api/
COPY apps/worker/package.json apps/worker/
COPY apps/dashboard/package.json apps/dashboard/
COPY packages/shared/package.json packages/shared/
COPY packages/client/package.json packages/client/
COPY packages/receiver/package.json packages/receiver/
COPY tests/package.json tests/
COPY bench/package.json bench/
COPY examples/package.json examples/
# Caches go to a home that ends with this step.
RUN export HOME=/tmp/install && npx --yes pnpm@12.21.0 install --prod --frozen-lockfile --ignore-scripts --filter @posthorn/api... --filter @posthorn/worker... && rm -rf /tmp/install

# The dashboard is built in a folder that ends with this step, tools and all: only its files stay.
COPY tsconfig.json ./
COPY scripts/compress.mjs scripts/
COPY scripts/dashboard/compress.mjs scripts/dashboard/
COPY packages/client/src packages/client/src
COPY packages/shared/src/portal packages/shared/src/portal
COPY apps/dashboard/index.html apps/dashboard/portal.html apps/dashboard/vite.config.ts apps/dashboard/tsconfig.json apps/dashboard/
COPY apps/dashboard/public apps/dashboard/public
COPY apps/dashboard/src apps/dashboard/src
RUN export HOME=$(mktemp -d) && tar -c --exclude=node_modules . | tar -x -C $HOME && (cd $HOME && NODE_ENV=development npx --yes pnpm@12.21.0 install --frozen-lockfile --ignore-scripts --filter @posthorn/dashboard... && npx --yes pnpm@12.21.0 --filter @posthorn/dashboard build && node scripts/compress.mjs apps/dashboard/dist) && cp -R $HOME/apps/dashboard/dist apps/dashboard/ && rm -rf $HOME

COPY packages/shared/src packages/shared/src
COPY packages/client/src packages/client/src
COPY packages/receiver/src packages/receiver/src
COPY apps/api/src apps/api/src
COPY apps/worker/src apps/worker/src

USER node
EXPOSE 3000 3001

# The API and a worker listen on different ports; whichever answers is this container's process.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 CMD ["node", "-e", "const ports=[process.env.PORT||3000,process.env.POSTHORN_WORKER_PORT||3001];Promise.any(ports.map(async p=>{const r=await fetch(`http://127.0.0.1:${p}/readyz`);if(!r.ok)throw r.status})).catch(()=>process.exit(1))"]

# Node is process 1 and gets the signals itself; it ends what is in the air before it leaves.
CMD ["node", "apps/api/src/main.ts"]
