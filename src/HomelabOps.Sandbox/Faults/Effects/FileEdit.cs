namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>A change of one file of the repository.</summary>
/// <param name="Path">The file, from the root of the repository.</param>
/// <param name="Change">Its new text; given null where there is no such file, and null to delete it.</param>
internal sealed record FileEdit(string Path, Func<string?, string?> Change)
{
    /// <summary>A file that is there no longer.</summary>
    public static FileEdit Delete(string path) => new(path, _ => null);

    /// <summary>A new file.</summary>
    public static FileEdit Add(string path, string text) => new(path, _ => text);

    /// <summary>A change of a file that has to be there.</summary>
    public static FileEdit Of(string path, Func<string, string> change) => new(path, text => change(text ?? throw new FaultNotPossibleException($"There is no {path}.")));
}
