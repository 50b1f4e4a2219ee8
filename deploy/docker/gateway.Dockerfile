# The gateway service as an image. Build it in the checkout's root: docker build -f deploy/docker/gateway.Dockerfile .
# Not built where it was written: no container runtime was at hand. What it publishes was started as it stands here (deploy/cluster-test).
# Give both images with @sha256:… to pin them.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN dotnet restore services/gateway --locked-mode && \
    dotnet publish services/gateway -c Release --no-restore -o /app --nologo

FROM ${RUNTIME}
WORKDIR /app
COPY --from=build /app .
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 HOME=/tmp DOTNET_EnableDiagnostics=0
EXPOSE 8080 9464
# 'app' of .NET's images. The root may be read-only; /tmp has to be writable.
USER 1654
ENTRYPOINT ["dotnet", "/app/FlexEdit.Gateway.dll"]
