# The gateway on a JRE, with what a JVM can know beforehand already known.
#
#   docker build -t postern .
#   docker run -p 8080:8080 -e POSTERN_IMAP_HOST=mail.example.org postern

FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml .
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp -Dmaven.test.skip=true -Dcodegen.skip=true package
RUN java -Djarmode=tools -jar target/postern.jar extract --layers --destination layers
COPY docker/Health.java .
RUN javac -d health Health.java

FROM eclipse-temurin:25-jre
# Numeric, so that an orchestrator can see that it is not root; 1000 is taken in the base image.
RUN groupadd --gid 10001 postern && useradd --uid 10001 --gid 10001 --no-create-home postern
WORKDIR /app
COPY --from=build /build/health /health/
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# What the gateway is made of, for scanners; the packages of the base image are listed by its dpkg.
COPY --from=build /build/target/classes/META-INF/sbom/ ./sbom/
# Health, metrics and the like are for whoever runs the gateway: on a port that nobody publishes by -P.
ENV MANAGEMENT_SERVER_PORT=9090
# The cache fits exactly these files under exactly this JVM, so it is made here and last.
ENV JAVA_TOOL_OPTIONS=-XX:+UseSerialGC
RUN java -Xlog:aot=error -XX:AOTCacheOutput=/app/postern.aot \
        -Dspring.context.exit=onRefresh -jar postern.jar \
 && rm -rf /tmp/*
USER 10001:10001
EXPOSE 8080
# Without JAVA_TOOL_OPTIONS: an agent or a large heap meant for the gateway is not for its probe.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
    CMD ["env", "-u", "JAVA_TOOL_OPTIONS", "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx8m", "-cp", "/health", "Health"]
# Another collector, -Xmx or an agent goes into JAVA_TOOL_OPTIONS and replaces what stands there.
ENTRYPOINT ["java", "-XX:AOTCache=/app/postern.aot", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "postern.jar"]
