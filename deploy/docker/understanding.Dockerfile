# The understanding service as an image. Build it in the checkout's root: docker build -f deploy/docker/understanding.Dockerfile .
# Not built where it was written: no container runtime was at hand. What it publishes was started as it stands here (deploy/cluster-test).
# Give both images with @sha256:… to pin them.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

FROM ${SDK} AS build
# true takes the CUDA packages (docs/models.md); they bring their CUDA libraries along, the driver comes from the node.
ARG GPU=false
WORKDIR /source
COPY . .
# The GPU build has lock files of its own, which its first restore writes.
RUN if [ "$GPU" = true ]; then lock=; else lock=--locked-mode; fi; \
    dotnet restore services/understanding $lock -p:FlexEditGpu=$GPU && \
    dotnet publish services/understanding -c Release --no-restore -o /app -p:FlexEditGpu=$GPU --nologo
# The natives in a layer of their own: a change of the program is a few megabytes.
RUN mkdir /natives && if [ -d /app/torch ]; then mv /app/torch /natives/torch; fi && mv /app/runtimes /natives/runtimes

FROM ${RUNTIME}
WORKDIR /app
# For NVIDIA's container runtime; without one they mean nothing.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build /natives .
# The shipped model. Others come from a volume (FLEXEDIT__Models__Folder).
COPY models/weights /app/models
COPY --from=build /app .
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 HOME=/tmp DOTNET_EnableDiagnostics=0
EXPOSE 8080 9464
# 'app' of .NET's images. The root may be read-only; /tmp has to be writable.
USER 1654
ENTRYPOINT ["dotnet", "/app/FlexEdit.Understanding.dll"]
