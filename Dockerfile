# syntax=docker/dockerfile:1

# The client libraries, fetched with Node; LibMan copies them to where the pages find them when the application is built.
FROM node:24-slim AS libraries
WORKDIR /src
COPY package.json package-lock.json .npmrc icons.txt ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts
COPY bin/restore-libraries.mjs bin/
RUN node bin/restore-libraries.mjs

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig libman.json THIRD-PARTY.md ./
COPY ContactCenter.Web/ContactCenter.Web.csproj ContactCenter.Web/ClientLibraries.targets ContactCenter.Web/packages.*.json ContactCenter.Web/
ARG TARGETARCH
RUN dotnet restore ContactCenter.Web --arch $TARGETARCH --locked-mode
COPY ContactCenter.Web ContactCenter.Web
COPY wwwroot wwwroot
COPY --from=libraries /src/node_modules node_modules
COPY --from=libraries /src/wwwroot/lib wwwroot/lib
COPY --from=libraries /src/ContactCenter.Web/Security/common-passwords.txt ContactCenter.Web/Security/
# Node's stage has done Node's part already.
RUN dotnet publish ContactCenter.Web --configuration Release --arch $TARGETARCH --no-restore --output /app -p:UseNode=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Files live here when they are not kept elsewhere; the database is a server of its own (ConnectionStrings__Postgres).
RUN mkdir /data && chown $APP_UID /data
ENV ASPNETCORE_HTTP_PORTS=8080 \
    ContactCenter__DataDirectory=/data
VOLUME /data
EXPOSE 8080
USER $APP_UID
# bash speaks enough HTTP for this, so the image needs no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["dotnet", "ContactCenter.Web.dll"]
