using System.Globalization;
using HomelabOps.Core.Kubernetes.Logs;

namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>What <see cref="LinkScript"/> wrote about a node.</summary>
internal static class LinkReport
{
    private const int Killed = 137;
    private const int CannotRun = 126;
    private const int NotFound = 127;

    // wget waits for an answer to its question, too, which need not come from who was reached.
    private const string Connected = "connected";
    private const string AnyTimeout = "download timed out";

    // Of a program that cannot ask, and not of whom it asked.
    private static readonly string[] Helpless = ["sage:", "option", "No such file", "not found", "invalid"];

    // So are these, unless they end what was said of the connection: some firewalls answer in the words of a missing right.
    private static readonly string[] Forbidden = ["not permitted", "ermission denied"];
    private static readonly string[] OfConnection = ["connect", "("];

    // wget speaks of what it was answered, too; these are of who was not reached.
    private static readonly string[] Unanswered = ["can't connect", "refused", "timed out", "No route", "nreachable", "failed: "];

    /// <summary>The links, each with what became of it. Where a node does not even reach its own kubelet, and no other's, nothing is known of kubelets.</summary>
    /// <param name="lines">The lines of the log.</param>
    /// <param name="links">Who was asked, in that order.</param>
    public static IReadOnlyList<NodeLink> Parse(IEnumerable<LogEntry> lines, IReadOnlyList<NodeLink> links)
    {
        var found = links.ToArray();
        foreach (var line in lines)
        {
            if (line.Text.Split(' ', 4) is [['@', .. var number], var tool, var code, ..] words
                && int.TryParse(number, CultureInfo.InvariantCulture, out var index) && index < found.Length && int.TryParse(code, CultureInfo.InvariantCulture, out var ended))
            {
                found[index] = Judge(links[index], tool, ended, words.Length > 3 ? words[3].Trim() : "");
            }
        }

        // Pods may be kept from addresses of nodes, and reach Services all the same.
        if (Array.Exists(found, link => link.IsControl && link.State == LinkState.Broken) && Array.TrueForAll(found, link => link.Peer is not null || link.State != LinkState.Reached))
        {
            return Array.TrueForAll(found, link => link.State != LinkState.Reached) ? links : [.. found.Zip(links, (judged, asked) => judged.Peer is null ? asked : judged)];
        }

        return found;
    }

    private static NodeLink Judge(NodeLink link, string tool, int code, string said)
    {
        var state = code switch
        {
            0 => LinkState.Reached,
            CannotRun or NotFound => LinkState.Unknown,
            _ when tool == "wget" => OfWget(code, said),
            Killed => LinkState.Broken,
            _ when IsHelpless(said) => LinkState.Unknown,
            _ => LinkState.Broken,
        };
        return link with { State = state, Said = state != LinkState.Broken ? "" : code == Killed || said.Length == 0 ? Errors.Text("Evidence_LinkSilent") : Words(said) };
    }

    private static LinkState OfWget(int code, string said) =>
        said.Contains(Connected, StringComparison.Ordinal) ? LinkState.Reached
        : code == Killed || IsHelpless(said) || said.Contains(AnyTimeout, StringComparison.Ordinal) ? LinkState.Unknown
        : Has(said, Unanswered) ? LinkState.Broken : LinkState.Reached;

    private static bool IsHelpless(string said) => Has(said, Helpless) || (Has(said, Forbidden) && !Has(said, OfConnection));

    private static bool Has(string said, string[] words) => Array.Exists(words, word => said.Contains(word, StringComparison.Ordinal));

    // "nc: 10.0.0.2 (10.0.0.2:10250): Connection refused", "sh: connect: No route to host": what comes last is what happened.
    private static string Words(string said) => said[(said.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon ? colon + 2 : 0)..];
}
