# wintergrid as a container: docker build -t wintergrid . && docker run --rm -v "$PWD/out:/out" wintergrid \
#   run /usr/share/wintergrid/oblast/scenario.yaml -o /out
FROM debian:12-slim AS build
WORKDIR /source
COPY . .
# The page of report.html needs Node; without it everything else is built.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates dpkg-dev nodejs npm \
    && ./dev setup run && cmake --workflow --preset release && cd build/release && cpack

FROM debian:12-slim
COPY --from=build /source/build/release/wintergrid_*.deb /tmp/
RUN apt-get update && apt-get install --yes --no-install-recommends /tmp/wintergrid_*.deb \
    && rm -rf /tmp/*.deb /var/lib/apt/lists/* && useradd --create-home planner
USER planner
WORKDIR /home/planner
ENTRYPOINT ["wintergrid"]
CMD ["--help"]
