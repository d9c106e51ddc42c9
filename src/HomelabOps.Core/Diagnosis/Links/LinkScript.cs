using System.Globalization;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>
/// What asks other nodes from within a node, for any shell of the Bourne family, by what the image has of nc, bash and wget. All are asked at
/// the same time, in children that are killed when their time is over.
/// </summary>
internal static class LinkScript
{
    /// <summary>The line that the report ends with.</summary>
    public const string End = "@end";

    // Not every nc knows -z.
    private const string Text = """
        limit=$1; shift
        tool=none
        for name in wget bash nc; do
          if command -v $name >/dev/null 2>&1; then tool=$name; fi
        done
        ask() {
          case $tool in
          nc)
            said=$(timeout -s KILL $limit nc -z -w $limit "$2" "$3" 2>&1 </dev/null); code=$?
            case $said in *sage:*|*option*) said=$(timeout -s KILL $limit nc "$2" "$3" 2>&1 </dev/null); code=$? ;; esac ;;
          bash) said=$(timeout -s KILL $limit bash -c ': </dev/tcp/$0/$1' "$2" "$3" 2>&1); code=$? ;;
          wget)
            host=$2
            case $host in *:*) host="[$host]" ;; esac
            said=$(timeout -s KILL $limit wget -T $limit -O /dev/null "http://$host:$3/" 2>&1); code=$? ;;
          *) said=; code=127 ;;
          esac
          echo "@$1 $tool $code" $said
        }
        i=0
        while [ $# -gt 1 ]; do
          ask $i "$1" "$2" &
          shift 2
          i=$((i + 1))
        done
        wait
        echo "@end"
        """;

    /// <summary>The command of a probe pod.</summary>
    /// <param name="limit">How long one may take to answer.</param>
    /// <param name="links">Who is asked, in the order of the report.</param>
    public static IReadOnlyList<string> Command(TimeSpan limit, IEnumerable<NodeLink> links) =>
    [
        "sh", "-c", Text.Replace("\r", "", StringComparison.Ordinal), ProbePodSpec.Container,
        ((int)Math.Ceiling(limit.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        .. links.SelectMany(link => new[] { link.Host, link.Port.ToString(CultureInfo.InvariantCulture) }),
    ];
}
