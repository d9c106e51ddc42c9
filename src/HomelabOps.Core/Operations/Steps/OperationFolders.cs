using HomelabOps.Core.Backups;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Folders of the target with data of the applications, of which an earlier state is kept beside each.</summary>
internal static class OperationFolders
{
    /// <summary>Runs a script for each folder, through a pod on the target.</summary>
    /// <param name="context">The operation.</param>
    /// <param name="folders">The folders, each with its application.</param>
    /// <param name="script">Gets the folder that it is in, its name, the name of what is not finished, the name of what is kept, and more.</param>
    /// <param name="stage">What is not finished is called so, by the name of the folder and the time of the operation.</param>
    /// <param name="more">More arguments of the script.</param>
    /// <param name="kept">Takes each folder that is done, with the path of what is kept.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">ProtectFailed, NodeUnreachable and their like.</exception>
    public static Task RunAsync(OperationContext context, IReadOnlyList<(OperationApp App, string Path)> folders, string script, Func<string, DateTime, string> stage, IReadOnlyList<string> more, Action<OperationApp, string> kept, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        var probe = options.Probe with { Writable = true, Timeout = options.CopyTimeout };
        return NodeWork.RunAsync<object>(options.Client, record.To, probe, async (pod, stop) =>
        {
            foreach (var (app, path) in folders)
            {
                var (place, time) = (new BackupPlace(record.To, path), record.Started.LocalDateTime);
                var aside = AsideNames.Aside(place.Folder, time);
                string[] command = ["sh", "-c", script.Replace("\r", "", StringComparison.Ordinal), "probe", place.Parent, place.Folder, stage(place.Folder, time), aside, .. more];
                var (code, _, error) = await NodeWork.CommandAsync(options.Client, pod, command, null, stop);
                if (code != 0)
                {
                    throw Errors.ProtectFailed(app.ToString(), path, record.To, code == RestoreScripts.NoFolder ? Errors.Text("Detail_NoFolder") : error.Trim());
                }

                kept(app, $"{place.Parent}/{aside}");
            }

            return pod;
        }, cancellationToken);
    }
}
