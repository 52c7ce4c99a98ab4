# The API and the dashboard, without libtorch. Build it from the repository's root:
#   docker build --file containers/api.Dockerfile --tag dragonfly-pipeline-api .
# The bases are pinned by version; give name@sha256:… for a build that is the same to the bit.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM ${SDK} AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
    dotnet restore Pipeline.Api --locked-mode \
    && dotnet publish Pipeline.Api --no-restore --configuration Release --output /app -p:UseAppHost=false -p:CreateHardLinksForCopyLocalIfPossible=false

FROM ${RUNTIME}
COPY --from=build /app /app
COPY containers/answers /usr/local/bin/answers
# Only /tmp is written to: the root may be read-only.
ENV ASPNETCORE_URLS=http://+:8080 \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0 \
    HOME=/tmp
WORKDIR /app
USER 1654:1654
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["answers", "8080", "/readyz"]
ENTRYPOINT ["dotnet", "/app/Pipeline.Api.dll"]
