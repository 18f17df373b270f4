# Builds with BuildKit of Docker Engine 20.10 and newer: no syntax line, no heredoc, no start-interval.
ARG DOTNET_VERSION=10.0

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
WORKDIR /source

# Project files only: packages are restored again only when one of these changes.
COPY global.json BannedSymbols.txt Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY eng/*.targets eng/*.txt eng/
COPY src/Appliance/Appliance.csproj src/Appliance/
COPY src/Appliance.Cluster/Appliance.Cluster.csproj src/Appliance.Cluster/
COPY src/Appliance.Demo/Appliance.Demo.csproj src/Appliance.Demo/
COPY src/Appliance.Gateway/Appliance.Gateway.csproj src/Appliance.Gateway/
COPY src/Appliance.Hosts/Appliance.Hosts.csproj src/Appliance.Hosts/
RUN dotnet restore src/Appliance/Appliance.csproj

# The same IL runs on every processor, so there is no -a and no apphost. Analyzers are the test run's business.
COPY src/ src/
ARG VERSION=0.1.0-dev
RUN dotnet publish src/Appliance/Appliance.csproj -c Release --no-restore -o /app \
    -p:Version=${VERSION} -p:RunAnalyzers=false -p:GenerateDocumentationFile=false

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION} AS final
# ssh reaches the machines, SQLite keeps the journal, tini collects what ssh leaves behind, tzdata knows the home's clock.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libsqlite3-0 openssh-client tini tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 1654 -g 1654 -m 0700 /data
WORKDIR /app
COPY --from=build /app ./

ARG VERSION=0.1.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Appliance" \
      org.opencontainers.image.description="The control plane for the AI machines at home" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="Appliance contributors"

# The base image's own port setting is emptied: PORT is the one that counts.
ENV DATA_DIR=/data PORT=9999 ASPNETCORE_HTTP_PORTS= DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 9999
# The user "app" of the .NET images, by number so that a cluster can check that it is not root.
# An unknown number would not do: ssh refuses to run for a uid without a name.
USER 1654
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["dotnet", "Appliance.dll", "--healthcheck"]
# -s: tini also works where it is not process 1 (docker run --init, StartOS).
ENTRYPOINT ["tini", "-s", "--", "dotnet", "Appliance.dll"]
