using System.Globalization;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Logs;

/// <summary>One container of one pod.</summary>
internal sealed record LogTarget(string Cluster, string Namespace, string Pod, string Uid, string Container, string Node)
{
    /// <summary><c>namespace/pod</c>, as users write it.</summary>
    public string PodName => $"{Namespace}/{Pod}";

    public HomelabLogLine Line(LogEntry entry) => new()
    {
        Cluster = Cluster,
        Time = entry.Time?.LocalDateTime,
        Namespace = Namespace,
        Pod = Pod,
        Container = Container,
        Line = entry.Text,
    };

    /// <summary>The request for the log, from the place where reading stopped, else as the query says.</summary>
    /// <param name="query">Tail, since and previous.</param>
    /// <param name="position">Where to go on.</param>
    /// <param name="reopened">It has been read before, so the limits of the query are served already.</param>
    /// <param name="follow">Go on with new lines.</param>
    public string Url(LogQuery query, LogPosition position, bool reopened, bool follow)
    {
        var url = new StringBuilder(ResourceType.Pod.Path(Namespace, Pod)).Append("/log?timestamps=true");
        ListQuery.Append(url, "container", Container);
        ListQuery.Append(url, "previous", query.Previous ? "true" : null);
        ListQuery.Append(url, "follow", follow ? "true" : null);
        if (position.IsKnown)
        {
            ListQuery.Append(url, "sinceTime", position.SinceTime);
            return url.ToString();
        }

        ListQuery.Append(url, "sinceSeconds", query.Since is { } since ? Math.Max(1, (long)Math.Ceiling(since.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null);
        if (!reopened)
        {
            ListQuery.Append(url, "tailLines", query.Tail?.ToString(CultureInfo.InvariantCulture));
        }

        return url.ToString();
    }
}
