using System.Globalization;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Mounts;

/// <summary>
/// What looks at mounts from within a node, for any shell of the Bourne family. It reads the table, which never blocks, and
/// asks each place in a child that can be killed. A child that even that does not end is left behind: the script goes on
/// when the time is over. Times are those at which the lines arrive in the log.
/// </summary>
internal static class MountScript
{
    /// <summary>The line that the report ends with.</summary>
    public const string End = "@end";

    private const string Text = """
        limit=$1; count=$2; shift 2
        cat /proc/1/mountinfo
        look() {
          echo "@$1 stat"
          said=$(timeout -s KILL $limit stat -f -c '%b %a %S' "/host$2" 2>&1); code=$?
          echo "@$1 stat $code $said"
          if [ $code = 0 ]; then
            names=$(timeout -s KILL $limit ls -A "/host$2" 2>/dev/null); code=$?
            found=0
            if [ -n "$names" ]; then found=$(echo "$names" | wc -l); fi
            echo "@$1 list $code" $found
          fi
          : > /tmp/done.$1
        }
        i=0
        while [ $i -lt $count ]; do
          look $i "$1" &
          shift
          i=$((i + 1))
        done
        for id in "$@"; do
          for file in $(grep -ls "$id" /proc/[0-9]*/cgroup); do
            echo "@container $id"
            cat "${file%cgroup}mountinfo" 2>/dev/null
            break
          done
        done
        echo "@waiting"
        left=$((limit * 5 + 5))
        while [ $left -gt 0 ]; do
          open=0; i=0
          while [ $i -lt $count ]; do
            if [ ! -e /tmp/done.$i ]; then open=1; fi
            i=$((i + 1))
          done
          if [ $open = 0 ]; then break; fi
          sleep 0.2 2>/dev/null || { sleep 1; left=$((left - 4)); }
          left=$((left - 1))
        done
        echo "@end"
        """;

    /// <summary>The command of a probe pod.</summary>
    /// <param name="limit">How long a place may take to answer.</param>
    /// <param name="paths">The places, as the node calls them.</param>
    /// <param name="containers">Containers of the node, by the runtime's numbers, whose own mounts are wanted.</param>
    public static IReadOnlyList<string> Command(TimeSpan limit, IReadOnlyList<string> paths, IEnumerable<string> containers) =>
    [
        "sh", "-c", Text.Replace("\r", "", StringComparison.Ordinal), ProbePodSpec.Container,
        ((int)Math.Ceiling(limit.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        paths.Count.ToString(CultureInfo.InvariantCulture),
        .. paths,
        .. containers,
    ];
}
