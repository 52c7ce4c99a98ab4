# The worker: Hangfire servers and the model. Build it from the repository's root:
#   docker build --file containers/worker.Dockerfile --tag dragonfly-pipeline-worker .
#   docker build --file containers/worker.Dockerfile --tag dragonfly-pipeline-worker:cuda --build-arg TORCH_BACKEND=cuda .
# The bases are pinned by version; give name@sha256:… for a build that is the same to the bit.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM ${SDK} AS build
ARG TORCH_BACKEND=cpu
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY . .
# The lock files are of the CPU's libtorch. NVIDIA's comes from the same central versions.
RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
    if [ "$TORCH_BACKEND" = cpu ]; then locked=--locked-mode; fi \
    && dotnet restore Pipeline.Worker $locked -p:TorchBackend="$TORCH_BACKEND" \
    && dotnet publish Pipeline.Worker --no-restore --configuration Release --output /app \
        -p:TorchBackend="$TORCH_BACKEND" -p:UseAppHost=false -p:CreateHardLinksForCopyLocalIfPossible=false \
    && find /app/runtimes -mindepth 1 -maxdepth 1 ! -name 'linux*' ! -name unix -exec rm -r {} +

# libtorch brings CUDA's libraries; the driver comes from the host, by NVIDIA's container toolkit, which reads these variables.
FROM ${RUNTIME}
COPY --from=build /app /app
COPY containers/answers /usr/local/bin/answers
# Only /tmp is written to, where shards are staged: the root may be read-only.
ENV ASPNETCORE_URLS=http://+:8080 \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0 \
    HOME=/tmp \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
WORKDIR /app
USER 1654:1654
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["answers", "8080", "/readyz"]
ENTRYPOINT ["dotnet", "/app/Pipeline.Worker.dll"]
