#!/usr/bin/env bash
# Builds the images of the real systems into Docker's store, those that are not there yet:
#
#	cleave/java:17 ──┬── cleave/zookeeper:3.9      Maven Central's artefacts
#	                 ├── cleave/zookeeper:3.8.0    Debian's package; Maven Central's artefacts where apt has none
#	                 ├── cleave/eureka:spring      Spring Cloud Netflix
#	                 └── cleave/eureka:netflix     Netflix's own web application
#	nothing ────────── cleave/etcd:3.6             etcd, of its Go module: one program and nothing else
#
# IMAGES  which of them, by the names of their folders, such as "zookeeper-3.9 eureka-spring"; default: all
# BASE    the public image with a Java 17 that all stand on; default eclipse-temurin:17-jre. "debian" makes
#         a root file system of Debian's packages instead, as happens where no registry answers.
# PULL_SECONDS  how long the pull of BASE may take; default 120
#
# One folder here is one image: its Dockerfile, and what it is made of. What comes over the network comes
# before docker build, which has none. An image is built anew when what it is made of has changed: the
# label cleave.inputs is a hash of that. cleave.version and cleave.base say what is inside.
set -euo pipefail
cd "$(dirname "$0")"

readonly all="java-17 zookeeper-3.9 zookeeper-3.8.0 eureka-spring eureka-netflix etcd-3.6"
readonly bare=" etcd-3.6 " # those that stand on nothing
readonly base=${BASE:-eclipse-temurin:17-jre}
readonly patience=${PULL_SECONDS:-120} # for a pull of the base image
export DOCKER_CLI_HINTS=false

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() { printf '%s\n' "$*"; }

fail() {
	printf 'images: %s\n' "$*" >&2
	exit 1
}

# need stops unless a program is there; the second word says what to install.
need() { command -v "$1" >/dev/null || fail "$1 is not there: install $2"; }

main() {
	local wanted image
	read -ra wanted <<<"$(tr ',\n' '  ' <<<"${IMAGES:-$all}")"
	for image in "${wanted[@]}"; do
		[[ " $all " == *" $image "* ]] || fail "IMAGES: there is no $image; these are: $all"
	done
	need docker "Docker (Debian: docker.io)"
	docker version --format '{{.Server.Version}}' >/dev/null 2>"$scratch/docker" || fail "no Docker engine answers: $(tail -1 "$scratch/docker")"
	for image in "${wanted[@]}"; do
		[[ "$bare" == *" $image "* ]] || { build java-17; break; }
	done
	for image in "${wanted[@]}"; do
		[ "$image" = java-17 ] || build "$image"
	done
	docker image prune --force --filter label=cleave.inputs >/dev/null # those that others have taken the place of
}

# tag is an image's name in Docker: zookeeper-3.9 is cleave/zookeeper:3.9.
tag() { printf 'cleave/%s:%s' "${1%%-*}" "${1#*-}"; }

# label reads one of an image's labels; nothing if there is no such image.
label() { docker image inspect --format "{{index .Config.Labels \"$2\"}}" "$(tag "$1")" 2>/dev/null || true; }

# inputs is a hash of all that an image is made of.
inputs() {
	{
		if [ "$1" = java-17 ]; then printf '%s\n' "$base"; elif [[ "$bare" != *" $1 "* ]]; then printf '%s\n' "$(label java-17 cleave.base)" "$(label java-17 cleave.inputs)"; fi
		find build.sh "$1" -type f ! -path '*/target/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
	} | sha256sum | cut -d' ' -f1
}

# build makes one image, unless it is there.
build() {
	local image=$1 started=$SECONDS hash
	hash=$(inputs "$image")
	if [ "$(label "$image" cleave.inputs)" = "$hash" ]; then
		say "$(tag "$image"): is there, $(label "$image" cleave.version)"
		return
	fi
	say "$(tag "$image"): building"
	mkdir "$scratch/$image"
	"make_${image//[-.]/_}" "$scratch/$image" "$hash"
	rm -rf "${scratch:?}/$image"
	say "$(tag "$image"): built in $((SECONDS - started)) s, $(size "$image") MB, $(label "$image" cleave.version), on $(label "$image" cleave.base)"
}

size() { echo $(($(docker image inspect --format '{{.Size}}' "$(tag "$1")") / 1000000)); }

# quietly shows what a command says only if it fails.
quietly() { "$@" >"$scratch/said" 2>&1 || { cat "$scratch/said" >&2; fail "$1 failed, see above"; }; }

# assemble runs docker build on a prepared folder, without a network.
assemble() {
	local image=$1 folder=$2 hash=$3 version=$4 on=$5
	cp "$image/Dockerfile" "$folder/"
	quietly docker build --network none --tag "$(tag "$image")" --label "cleave.inputs=$hash" \
		--label "cleave.version=$version" --label "cleave.base=$on" "${@:6}" "$folder"
}

make_java_17() {
	if [ "$base" = debian ]; then
		debian_java "$2"
	elif docker image inspect "$base" >/dev/null 2>&1 || timeout "$patience" docker pull --quiet "$base" >"$scratch/pull" 2>&1; then
		say "  on $base"
		assemble java-17 "$1" "$2" "Java 17 of $base" "$base" --build-arg "BASE=$base"
	else
		say "  $base cannot be had ($(tail -1 "$scratch/pull" | cut -c1-150)): making it of Debian's packages"
		debian_java "$2"
	fi
}

# debian_java imports a root file system of Debian's packages, unpacked and not configured: Java needs no
# more. Its Java is where that of eclipse-temurin is.
debian_java() {
	need mmdebstrap "mmdebstrap, or let Docker reach a registry with BASE"
	local release=bookworm java=opt/java/openjdk version
	quietly mmdebstrap --variant=extract --include=openjdk-17-jre-headless,dash,coreutils,sed,grep \
		--extract-hook='cd "$1" && rm -rf usr/share/locale usr/share/man usr/share/fonts usr/share/doc usr/share/info usr/share/alsa
			rm -rf usr/lib/jvm/*/lib/ct.sym usr/lib/jvm/*/lib/server/classes_nocoops.jsa usr/lib/*/gconv etc/resolv.conf etc/hostname etc/fstab' \
		--extract-hook='cd "$1" && mkdir -p data opt/java root && cd opt/java && ln -s ../../usr/lib/jvm/java-17-openjdk-* openjdk' \
		"$release" "$scratch/root.tar"
	version=$(dpkg_version "$scratch/root.tar")
	quietly docker import --message "Debian $release, Java 17" \
		--change "ENV JAVA_HOME=/$java PATH=/$java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8" \
		--change "LABEL cleave.inputs=$1" --change "LABEL cleave.version=\"OpenJDK $version\"" \
		--change "LABEL cleave.base=\"Debian $release packages\"" \
		"$scratch/root.tar" "$(tag java-17)"
	rm "$scratch/root.tar"
}

# dpkg_version reads Java's version from a root file system.
dpkg_version() { tar -xOf "$1" --wildcards './usr/lib/jvm/java-17-openjdk-*/release' | sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p'; }

# maven runs Maven on a copy of an image's folder.
maven() {
	local image=$1 folder=$2
	need mvn "Maven and a JDK 17 (Debian: maven)"
	mkdir "$folder/project"
	cp -r "$image/." "$folder/project/"
	quietly mvn --batch-mode --no-transfer-progress --file "$folder/project/pom.xml" "${@:3}"
}

# pinned reads a property of an image's pom.xml, a version most likely.
pinned() { sed -n "s|.*<$2>\(.*\)</$2>.*|\1|p" "$1/pom.xml"; }

# jars fetches what a pom.xml names, with all that it needs, to a folder lib.
jars() {
	local image=$1 folder=$2
	maven "$image" "$folder" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$folder/lib" "${@:3}"
	rm -f "$folder"/lib/*-{osx,windows}-*.jar
	rm -r "$folder/project"
}

make_zookeeper_3_9() {
	jars zookeeper-3.9 "$1"
	cp zookeeper-3.9/logback.xml "$1/"
	assemble zookeeper-3.9 "$1" "$2" "ZooKeeper $(pinned zookeeper-3.9 zookeeper.version)" "$(label java-17 cleave.base)"
}

make_zookeeper_3_8_0() {
	local version
	cp zookeeper-3.8.0/{log4j.properties,logback.xml} "$1/"
	version=$(debian_candidate libzookeeper-java)
	if [[ "$version" == 3.8.0-* ]]; then
		debian_jars "$1"
		assemble zookeeper-3.8.0 "$1" "$2" "ZooKeeper 3.8.0 (Debian $version)" "$(label java-17 cleave.base)"
	else
		say "  apt has no libzookeeper-java 3.8.0 (it has: ${version:-none}): taking the artefacts of Maven Central"
		jars zookeeper-3.8.0 "$1"
		assemble zookeeper-3.8.0 "$1" "$2" "ZooKeeper 3.8.0 (Maven Central)" "$(label java-17 cleave.base)"
	fi
}

make_eureka_spring() {
	mkdir "$1/lib"
	maven eureka-spring "$1" package dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$1/lib"
	cp "$1"/project/target/*.jar "$1/lib/"
	rm -r "$1/project"
	assemble eureka-spring "$1" "$2" "Spring Cloud Netflix $(contained "$1" spring-cloud-netflix-eureka-server) with Eureka $(contained "$1" eureka-core)" \
		"$(label java-17 cleave.base)"
}

# make_eureka_netflix takes the web application apart: its jars go beside Jetty's.
make_eureka_netflix() {
	need unzip unzip
	mkdir "$1/lib" "$1/webapp"
	maven eureka-netflix "$1" package dependency:copy-dependencies -DincludeScope=runtime -DincludeTypes=jar,war "-DoutputDirectory=$1/lib"
	quietly unzip -q "$1"/lib/eureka-server-*.war -d "$1/webapp"
	mv "$1"/webapp/WEB-INF/lib/*.jar "$1"/project/target/*.jar "$1/lib/"
	rm -r "$1"/lib/eureka-server-*.war "$1/project"
	assemble eureka-netflix "$1" "$2" "Netflix Eureka $(pinned eureka-netflix eureka.version) in Jetty $(pinned eureka-netflix jetty.version)" \
		"$(label java-17 cleave.base)"
}

# make_etcd_3_6 builds etcd of its Go module, at the versions that its go.mod names.
make_etcd_3_6() {
	need go "Go (go.dev)"
	local module=go.etcd.io/etcd/server/v3 version
	version=$(cd etcd-3.6 && go list -m -f '{{.Version}}' "$module") || fail "its go.mod cannot be read"
	(cd etcd-3.6 && GOWORK=off CGO_ENABLED=0 quietly go build -trimpath -ldflags '-s -w' -o "$1/etcd" "$module")
	assemble etcd-3.6 "$1" "$2" "etcd $version" "nothing"
}

# contained is the version of a jar in a folder lib.
contained() { basename "$(ls "$1"/lib/"$2"-[0-9]*.jar)" .jar | sed "s/^$2-//"; }

# debian_candidate is the version of a package that apt would take; nothing where there is no apt.
debian_candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p'; }

# debian_jars unpacks Debian's ZooKeeper and what it loads at run time, without installing anything.
debian_jars() {
	mkdir "$1/packages" "$1/lib"
	(cd "$1/packages" && xargs apt-get download <"$OLDPWD/zookeeper-3.8.0/packages" >"$scratch/said" 2>&1) ||
		{ cat "$scratch/said" >&2; fail "apt-get download failed, see above; apt-get update may help"; }
	local package jar
	for package in "$1"/packages/*.deb; do
		dpkg-deb --extract "$package" "$1/packages/root"
	done
	while read -r jar; do
		cp --dereference "$1/packages/root/usr/share/java/$jar.jar" "$1/lib/" || fail "Debian's packages have no $jar.jar"
	done <zookeeper-3.8.0/jars
	rm -r "$1/packages"
}

main
