using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HomelabOps.Core.Diagnosis.Pods;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>
/// Reads what pods that are not well need to be explained: warnings, the last words of containers, keys of ConfigMaps and Secrets. Of each
/// only so many, whatever the number of pods; nothing of it is needed to know that something is wrong.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="unread">Is called when there are more warnings than are read.</param>
internal sealed partial class DetailReader(ClusterClient client, Action? unread = null)
{
    private const int MostLogs = 20;
    private const int MostKeys = 40;
    private const int Lines = 5;
    private const int LongestLine = 300;
    private const int LongestLog = 64 * 1024;

    /// <summary>Of how many warnings at most those that are needed are kept. Lists are in the order of namespaces: those of the last ones are missing then.</summary>
    public int MostRead { get; init; } = 100_000;

    /// <summary>How many warnings at most are kept.</summary>
    public int MostKept { get; init; } = 20_000;

    public async Task<PodDetails> ReadAsync(IReadOnlyList<PodFacts> pods, DateTimeOffset now, bool lacksPods, CancellationToken stop)
    {
        var unwell = pods.Where(pod => !pod.IsWell).ToList();

        // One that is ready between two kills has to be explained as well.
        var crashed = unwell.SelectMany(Crashed).Concat(pods.Where(pod => pod.IsWell).SelectMany(pod => pod.Restarting(now).Concat(pod.RunningAgain(now)).Select(item => (Pod: pod, Container: item.Container.Name)))).ToList();
        var warnings = unwell.Count == 0 && crashed.Count == 0 && !lacksPods ? Task.FromResult<List<EventWire>>([]) : WarningsAsync(unwell.Concat(crashed.Select(crash => crash.Pod)).Select(pod => pod.Reference).ToHashSet(), stop);
        var logs = Task.WhenAll(crashed.DistinctBy(crash => (crash.Pod.Subject, crash.Container)).Take(MostLogs).Select(crash => LastWordsAsync(crash.Pod, crash.Container, stop)));
        var keys = Task.WhenAll(unwell.Where(pod => !pod.HasEnded).SelectMany(PodReferences.Of).Where(reference => reference.Key is not null).Select(reference => reference.Object).Distinct().Take(MostKeys).Select(reference => KeysAsync(reference, stop)));
        return new(
            (await warnings).OrderByDescending(EventMapper.TimeOf).ToLookup(warning => new ResourceReference(client.Name, warning.InvolvedObject?.Kind ?? "", warning.InvolvedObject?.Namespace ?? "", warning.InvolvedObject?.Name ?? "")),
            (await logs).Where(log => log.Lines.Count > 0).ToDictionary(log => log.Key, log => log.Lines),
            (await keys).Where(found => found.Keys is not null).ToDictionary(found => found.Object, found => found.Keys!));
    }

    private static IEnumerable<(PodFacts Pod, string Container)> Crashed(PodFacts pod) => pod.Containers
        .Where(item => item.Status is { RestartCount: > 0, Ready: false, LastState.Terminated: not null } or { State.Terminated.ExitCode: not 0 })
        .Select(item => (pod, item.Container.Name));

    // Of pods only those that something is wrong with: what was is written down for an hour.
    private async Task<List<EventWire>> WarningsAsync(HashSet<ResourceReference> pods, CancellationToken stop)
    {
        var (warnings, read) = (new List<EventWire>(), 0);
        try
        {
            await foreach (var warning in client.ListAsync(ResourceType.Event, new ListQuery { FieldSelector = "type=Warning" }, WireContext.Default.EventWire, cancellationToken: stop))
            {
                var isNeeded = warning.InvolvedObject is not { Kind: "Pod" } pod || pods.Contains(new(client.Name, "Pod", pod.Namespace ?? "", pod.Name ?? ""));
                if (read++ == MostRead || (isNeeded && warnings.Count == MostKept))
                {
                    unread?.Invoke();
                    break;
                }

                if (isNeeded)
                {
                    warnings.Add(warning);
                }
            }
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            // They are evidence; the finding stands without them.
        }

        return warnings;
    }

    private async Task<((ResourceReference Pod, string Container) Key, IReadOnlyList<string> Lines)> LastWordsAsync(PodFacts pod, string container, CancellationToken stop)
    {
        var previous = pod.Containers.Any(item => item.Container.Name == container && item.Status is { State.Terminated: null, LastState.Terminated: not null });
        var path = $"{ResourceType.Pod.Path(pod.Reference.Namespace, pod.Reference.Name)}/log?container={Uri.EscapeDataString(container)}&previous={(previous ? "true" : "false")}&tailLines={Lines}&limitBytes={LongestLog}";
        try
        {
            var (body, _) = await client.OpenLogAsync(path, pod.Reference.Namespace, pod.Reference.Name, follow: false, stop);
            await using var log = body;
            return ((pod.Reference, container), log is null ? [] : await ReadAsync(log, stop));
        }
        catch (Exception error) when (error is HomelabException { Kind: not ErrorKind.AuthenticationError } or IOException or HttpRequestException)
        {
            // Its node may not answer.
            return ((pod.Reference, container), []);
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(Stream log, CancellationToken stop)
    {
        var buffer = new byte[LongestLog];
        var length = await log.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return [.. Encoding.UTF8.GetString(buffer, 0, length).Split('\n').Select(line => Printable(line)).Where(line => line.Length > 0).TakeLast(Lines)];
    }

    // Logs may be binary, or in colours. What turns the direction of writing could show other words than are there.
    internal static string Printable(string line)
    {
        var text = new string([.. Colours().Replace(line, "").Where(IsPrintable)]).Trim();
        return text.Length <= LongestLine ? text : text[..(char.IsHighSurrogate(text[LongestLine - 1]) ? LongestLine - 1 : LongestLine)] + "…";
    }

    private static bool IsPrintable(char letter) => letter == '\t' || (letter != '\uFFFD' && char.GetUnicodeCategory(letter)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();

    private async Task<(ResourceReference Object, IReadOnlySet<string>? Keys)> KeysAsync(ResourceReference reference, CancellationToken stop)
    {
        var type = new ResourceType("", "v1", reference.Kind == "Secret" ? "secrets" : "configmaps", reference.Kind, true);
        try
        {
            return await client.FindAsync(type, reference.Namespace, reference.Name, DiagnosisWireContext.Default.KeysWire, stop) is { } found
                ? (reference, (found.Data ?? []).Keys.Concat((found.BinaryData ?? []).Keys).ToHashSet())
                : (reference, null);
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            return (reference, null);
        }
    }
}
