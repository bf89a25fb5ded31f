# The portal without its database: see docker-compose.yml for the whole.

FROM node:24-bookworm-slim AS graphiql
WORKDIR /portal/graphiql
COPY graphiql/package.json graphiql/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm AS packages
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /portal
# First what changes seldom, so that a change of the code does not install every package again.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --quiet --no-dev --no-install-project
COPY . .
RUN uv sync --frozen --quiet --no-dev

FROM python:3.13-slim-bookworm
RUN useradd --system --user-group --create-home portal && install -d -o portal -g portal /var/lib/portal
WORKDIR /portal
COPY --from=packages /portal .
COPY --from=graphiql /portal/graphiql/node_modules graphiql/node_modules
ENV PATH=/portal/.venv/bin:$PATH PORTAL_HOST=0.0.0.0 PORTAL_PORT=8000 PORTAL_HOME=/var/lib/portal
USER portal
EXPOSE 8000
CMD ["portal", "serve"]
