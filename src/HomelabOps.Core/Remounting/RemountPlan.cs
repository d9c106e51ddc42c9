namespace HomelabOps.Core.Remounting;

/// <summary>The commands that bring a mount back.</summary>
/// <param name="Where">The folder that is mounted: in the node, or on the host that gives it to a container.</param>
/// <param name="State">How it is there.</param>
/// <param name="Commands">Commands where it is mounted; empty when it is well there.</param>
/// <param name="Restart">The command that restarts the container, which keeps what was mounted when it started; null where none need be.</param>
internal sealed record RemountPlan(string Where, RemountState State, IReadOnlyList<string> Commands, string? Restart)
{
    /// <summary>All that would be done, a line each.</summary>
    public string Text => string.Join('\n', Restart is null ? Commands : [.. Commands, Restart]);

    /// <summary>Nothing need be done.</summary>
    public bool IsEmpty => Commands.Count == 0 && Restart is null;

    /// <summary>Plans: what is missing is mounted; all else is first taken away without waiting for a server that does not answer.</summary>
    /// <param name="where">The folder.</param>
    /// <param name="state">How it is.</param>
    /// <param name="hasFolder">The folder is there.</param>
    /// <param name="mount">What should be there.</param>
    /// <param name="restart">Restarts the container where it must be.</param>
    public static RemountPlan Of(string where, RemountState state, bool hasFolder, HomelabConfigMount mount, string? restart)
    {
        var commands = new List<string>();
        if (state is RemountState.Stale or RemountState.Hung or RemountState.Other)
        {
            commands.Add(ShellText.Command("umount", "-l", where));
        }

        if (state != RemountState.Well)
        {
            if (!hasFolder)
            {
                commands.Add(ShellText.Command("mkdir", "-p", where));
            }

            string[] options = [.. mount.Version is { } version ? [$"vers={version}"] : Array.Empty<string>(), .. mount.Options.Where(option => !option.StartsWith("vers=", StringComparison.Ordinal) || mount.Version is null)];
            commands.Add(options.Length > 0
                ? ShellText.Command("mount", "-t", "nfs", "-o", string.Join(',', options), mount.Source!, where)
                : ShellText.Command("mount", "-t", "nfs", mount.Source!, where));
        }

        return new(where, state, commands, restart);
    }
}
