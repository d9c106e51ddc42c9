using System.Text.RegularExpressions;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Events;

/// <summary>Warnings about pods whose first container does not come, because of volumes or networks: nothing else tells why.</summary>
internal static partial class StartWarnings
{
    private static readonly HashSet<string> Reasons = new(StringComparer.Ordinal) { "FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox" };

    /// <summary>The warning that says most: one that does not pass, else one that has a cause, else the newest.</summary>
    /// <param name="warnings">Warnings about one pod, the newest first.</param>
    /// <returns>Null where none of them is about the start.</returns>
    public static EventWire? Telling(IEnumerable<EventWire> warnings)
    {
        var own = warnings.Where(warning => Reasons.Contains(warning.Reason ?? "")).ToList();
        return own.Find(Stays) ?? own.Find(warning => !IsOverdue(warning)) ?? own.FirstOrDefault();
    }

    /// <summary>Whether the kubelet can try as often as it wants: something has to be made, or to be allowed, first.</summary>
    public static bool Stays(EventWire warning) => Reasons.Contains(warning.Reason ?? "") && Lasting().IsMatch(warning.Message ?? "");

    // It repeats for all volumes together what another event says of one.
    private static bool IsOverdue(EventWire warning) => warning.Message?.Contains("timed out waiting for the condition", StringComparison.Ordinal) == true;

    // A server that does not answer or does not serve yet, a driver that has not registered yet or a volume that another node still has are none of these.
    [GeneratedRegex("""\b(secret|configmap) "[^"]+" not found|references non-existent (secret|config) key|hostPath type check failed|path "[^"]+" does not exist|access denied by server|reason given by server: No such file|you might need a /sbin/mount|unknown filesystem type""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Lasting();
}
