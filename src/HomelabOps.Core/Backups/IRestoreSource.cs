using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Backups;

/// <summary>Where data comes from that is put back.</summary>
internal interface IRestoreSource
{
    /// <summary>What it is.</summary>
    BackupKind Kind { get; }

    /// <summary>The archive, folder or ReplicationSource.</summary>
    string Path { get; }

    /// <summary>When the data was read, local time; null when nothing says.</summary>
    DateTime? Time { get; }

    /// <summary>The folders of the application that it has data for.</summary>
    IReadOnlyList<BackupPlace> Places { get; }

    /// <summary>Bytes that a folder will take on its disk, about.</summary>
    /// <exception cref="HomelabException">RestoreFailed: it cannot be read.</exception>
    Task<long> RoomAsync(ProbePod pod, BackupPlace place, CancellationToken cancellationToken);

    /// <summary>Puts the data of a folder into another one, which is empty, and checks what is there then.</summary>
    /// <param name="pod">The pod that sees the node.</param>
    /// <param name="place">The folder.</param>
    /// <param name="stage">Path of the other on the node.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="HomelabException">RestoreFailed.</exception>
    Task<StagedFolder> StageAsync(ProbePod pod, BackupPlace place, string stage, CancellationToken cancellationToken);

    /// <summary>What is still to be done when the folders are in their places and the application is stopped.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="cancellationToken">Ends the work; the folders are put back then.</param>
    /// <returns>The folders as they are then.</returns>
    /// <exception cref="HomelabException">RestoreFailed.</exception>
    Task<IReadOnlyList<StagedFolder>> FinishAsync(IReadOnlyList<StagedFolder> folders, CancellationToken cancellationToken) => Task.FromResult(folders);
}
