namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>
/// A commit that breaks something. It ends by another that takes the same lines back, whatever was committed in between; what is
/// no longer as the first one left it was mended by others.
/// </summary>
internal sealed class CommitEffect : IFaultEffect
{
    private readonly RemoteBranch _branch;
    private readonly string _subject;
    private readonly (string Path, string? Before, string? After)[] _changes;

    private CommitEffect(RemoteBranch branch, string subject, (string Path, string? Before, string? After)[] changes) => (_branch, _subject, _changes) = (branch, subject, changes);

    /// <summary>Makes the commit.</summary>
    /// <exception cref="FaultNotPossibleException">A manifest does not have what is to be changed, or has been changed so already.</exception>
    public static async Task<IFaultEffect> MakeAsync(FaultScene scene, string subject, CancellationToken cancellationToken, params FileEdit[] edits)
    {
        var branch = new RemoteBranch(scene);
        var changes = await branch.CommitAsync(subject, edits, cancellationToken);
        return changes.Count > 0 ? new CommitEffect(branch, subject, [.. changes]) : throw new FaultNotPossibleException("The repository is like this already.");
    }

    public Task<bool> HoldsAsync(CancellationToken cancellationToken) => Task.Run(() => Array.TrueForAll(_changes, Holds), cancellationToken);

    public async Task EndAsync(CancellationToken cancellationToken) =>
        await _branch.CommitAsync($"Revert \"{_subject}\"", _changes.Reverse().Select(change => new FileEdit(change.Path, text => Undo(change, text))), cancellationToken);

    private bool Holds((string Path, string? Before, string? After) change) => (_branch.Read(change.Path), change) switch
    {
        (null, _) => change.After is null,
        (_, { After: null }) => false,
        (var text, { Before: null }) => text == change.After,
        var (text, _) => TextHunk.Between(change.Before!, change.After!).Holds(text),
    };

    // A file of the fault's own goes, whatever has become of it.
    private static string? Undo((string Path, string? Before, string? After) change, string? text) => change switch
    {
        { Before: null } => null,
        { After: null } => text ?? change.Before,
        _ => text is null ? null : TextHunk.Between(change.Before, change.After).Undo(text),
    };
}
