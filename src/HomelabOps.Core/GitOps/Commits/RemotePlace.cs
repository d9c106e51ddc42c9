namespace HomelabOps.Core.GitOps.Commits;

/// <summary>A remote as a repository of this machine knows it.</summary>
/// <param name="Folder">The repository: its working copy, or its own folder where it is bare.</param>
/// <param name="Name">The remote's name in it.</param>
/// <param name="Address">Where it is.</param>
/// <param name="SshCommand">What the repository's settings run for SSH; null for the usual.</param>
internal sealed record RemotePlace(string Folder, string Name, RemoteAddress Address, string? SshCommand);
