using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Flux;

/// <summary>Logs of Flux' controllers, merged by time.</summary>
internal static class FluxLogs
{
    // The controllers' pods carry it only as name of the application; those of a bootstrap of old as well.
    private const string Controllers = "app in (source-controller,kustomize-controller,helm-controller,notification-controller,image-reflector-controller,image-automation-controller,source-watcher)";

    // A controller logs its kind in one of these, in which its runtime has changed over the years.
    private static readonly string[] KindFields = ["controllerKind", "reconciler kind", "kind"];

    /// <summary>Gives the lines, the oldest first; with <see cref="LogQuery.Follow"/> then each new one.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which time, and whether to go on.</param>
    /// <param name="about">Objects that the lines are about; without names and namespaces all lines.</param>
    /// <param name="levels">Levels; empty for all.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<FluxLogLine>> ReadAsync(
        ClusterClient client,
        LogQuery query,
        ObjectQuery about,
        IReadOnlyList<string> levels,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        query = query with { Objects = query.Objects with { Selector = Controllers } };
        if (about.Names.Count > 0)
        {
            var scope = await FluxTypes.ScopeAsync(client, new FluxQuery { Objects = about }, cancellationToken);
            foreach (var unknown in scope.Failures)
            {
                yield return new FailureNotice(unknown);
            }

            if (scope.IsNothing)
            {
                yield break;
            }

            about = scope.Query.Objects;
        }

        // Whoever goes on would wait for ever for what does not exist. It may have been deleted, and there are lines yet.
        foreach (var missing in query.Follow ? await MissingAsync(client, new ObjectFilter(about), about, cancellationToken) : [])
        {
            yield return new WarningNotice(missing.Message);
        }

        var filter = new ObjectFilter(about);
        var any = false;
        await foreach (var item in LogReader.ReadAsync(client, query, cancellationToken))
        {
            if (item.Notice is { } notice)
            {
                yield return notice;
                continue;
            }

            any = true;
            var line = Parse(item.Value!, client.Name);
            if (IsAbout(line) && (levels.Count == 0 || levels.Contains(line.Level, StringComparer.OrdinalIgnoreCase)))
            {
                yield return line;
            }
        }

        if (!any && !query.Follow && query.Since is null && query.Tail is null)
        {
            yield return new FailureNotice(Errors.FluxControllersNotFound(client.Name));
            yield break;
        }

        foreach (var missing in query.Follow ? [] : await MissingAsync(client, filter, about, cancellationToken))
        {
            yield return new FailureNotice(missing);
        }

        bool IsAbout(FluxLogLine line) => (about.Names.Count == 0 && about.Namespaces.Count == 0)
            || (line.Target is { } target && filter.Accepts(target.Kind, target.Namespace, target.Name));
    }

    // A name without lines is no mistake when there is such an object. Who may not look is told that instead.
    private static async Task<IReadOnlyList<HomelabException>> MissingAsync(ClusterClient client, ObjectFilter filter, ObjectQuery about, CancellationToken cancellationToken)
    {
        var failures = new List<HomelabException>();
        if (filter.Missing(client.Name, "FluxResource").Any())
        {
            await foreach (var item in FluxReader.ReadAsync(client, new FluxQuery { Fallback = about.ToListQuery().Namespace }, cancellationToken))
            {
                if (item.Value is { } resource)
                {
                    filter.Accepts(resource.Kind, resource.Namespace, resource.Name);
                }
                else if (item.Notice is FailureNotice failure)
                {
                    failures.Add(failure.Error);
                }
            }
        }

        return failures.Count > 0 && filter.Missing(client.Name, "FluxResource").Any() ? failures : await filter.MissingAsync(client, "FluxResource", "Flux object", cancellationToken);
    }

    private static FluxLogLine Parse(HomelabLogLine raw, string cluster)
    {
        var plain = new FluxLogLine { Cluster = cluster, Time = raw.Time, Controller = Controller(raw.Pod), Message = raw.Line, Line = raw.Line };
        if (!raw.Line.StartsWith('{'))
        {
            return plain;
        }

        try
        {
            using var document = JsonDocument.Parse(raw.Line);
            var line = document.RootElement;
            var kind = Array.Find(Array.ConvertAll(KindFields, field => Text(line, field)), text => text.Length > 0) ?? "";
            var name = Text(line, "name");
            return plain with
            {

                // By the runtime's time the lines are merged; the controller's own is a little earlier, which would put them out of order.
                Time = raw.Time ?? (DateTimeOffset.TryParse(Text(line, "ts"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.LocalDateTime : null),
                Level = Text(line, "level"),
                Message = Text(line, "msg"),
                Error = Text(line, "error"),
                Target = kind.Length > 0 && name.Length > 0 ? new ResourceReference(cluster, kind, Text(line, "namespace"), name) : null,
            };
        }
        catch (JsonException)
        {
            // A panic, or a line that was cut.
            return plain;
        }
    }

    // A pod's name is the Deployment's with two hashes behind it.
    private static string Controller(string pod) => pod.Split('-') is { Length: > 2 } parts ? string.Join('-', parts[..^2]) : pod;

    private static string Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
