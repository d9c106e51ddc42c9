using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>What of a mover's log becomes part of the status.</summary>
internal static partial class MoverLogs
{
    private const int LongestLog = 1024;

    /// <summary>The lines of the newest pod of a Job that tell something; empty where there is no log.</summary>
    public static async Task<string> ReadAsync(MoverContext context, string job, bool hasFailed, Func<string, bool> tells, CancellationToken cancellationToken)
    {
        // Asked for anew: what is known of pods may be older than what the Job says of them.
        var pods = new List<JsonObject>();
        await foreach (var item in context.Client.ListAsync(ResourceType.Pod, new ListQuery { Namespace = context.Namespace, LabelSelector = $"job-name={job}" }, ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            pods.Add(item.Json);
        }

        var pod = Newest(pods, hasFailed ? "Failed" : "Succeeded") ?? Newest(pods, "Running");
        if (pod is null)
        {
            return "";
        }

        try
        {
            var name = Text(pod, "metadata.name");
            var (body, _) = await context.Client.OpenLogAsync($"{ResourceType.Pod.Path(context.Namespace, name)}/log", context.Namespace, name, follow: false, cancellationToken);
            if (body is null)
            {
                return "";
            }

            using var reader = new StreamReader(body);
            var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(tells);
            var text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            return Encoding.UTF8.GetString(text.AsSpan(Math.Max(0, text.Length - LongestLog)));
        }
        catch (HomelabException)
        {
            // A node that does not answer: the result counts without its words.
            return "";
        }
    }

    public static bool TellsSuccess(string method, string line) => method switch
    {
        "restic" => Restic().IsMatch(line),
        "rclone" => Rclone().IsMatch(line),
        _ => Rsync().IsMatch(line),
    };

    // Only the rsync movers have a choice of their own for failures.
    public static bool TellsFailure(string method, string line) => method is not ("rsync" or "rsyncTLS") || Rsync().IsMatch(line) || RsyncFailure().IsMatch(line);

    private static JsonObject? Newest(IEnumerable<JsonObject> pods, string phase) =>
        pods.Where(pod => Text(pod, "status.phase") == phase).MaxBy(pod => (Text(pod, "metadata.creationTimestamp"), Text(pod, "metadata.name")));

    [GeneratedRegex(@"^\s*(processed .+files|snapshot .+saved|No eligible|created|repository .+opened|restoring|no parent snapshot|using parent snapshot|added to the repository|successfully|fatal|ERROR|restic completed in)|No data|Directory is empty|RESTORE_OPTIONS|initialize dir", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Restic();

    [GeneratedRegex(@"^\s*(transferred:|checks:|deleted:|elapsed time:|rclone completed in)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rclone();

    [GeneratedRegex(@"sent .+bytes .*received .+bytes|total size|rsync completed in", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rsync();

    [GeneratedRegex(@"^\s*(rsync|diskrsync)|fail|error", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RsyncFailure();
}
