namespace HomelabOps.Core.Applications.Edits;

/// <summary>A node that an application moves to or from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record MoveNode(string Name, IReadOnlyDictionary<string, string> Labels)
{
    // What matchFields call the name.
    private const string NameField = "metadata.name";

    /// <summary>The name as the fields of a node have it.</summary>
    public IReadOnlyDictionary<string, string> Fields => new Dictionary<string, string>(StringComparer.Ordinal) { [NameField] = Name };
}
