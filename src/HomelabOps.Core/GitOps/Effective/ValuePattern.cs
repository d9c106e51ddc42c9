namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Where the values of a chart have a field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Path">Keys with points between them; * is any key or item, ** any number of them.</param>
internal sealed record ValuePattern(ManifestField Field, string Path)
{
    /// <summary>What app-template and nearly all charts call them.</summary>
    public static IReadOnlyList<ValuePattern> Usual { get; } =
    [
        new(ManifestField.Image, "**.image"),
        new(ManifestField.Replicas, "**.replicas"),
        new(ManifestField.Replicas, "**.replicaCount"),
        new(ManifestField.Claim, "**.existingClaim"),
        new(ManifestField.Claim, "**.claimName"),
        new(ManifestField.Node, "**.nodeName"),
        new(ManifestField.Node, "**.nodeSelector"),
        new(ManifestField.Node, "**.affinity"),
        new(ManifestField.Resources, "**.resources"),
    ];

    private readonly string[] _parts = Path.Split('.');

    /// <summary>Whether a way leads to such a field.</summary>
    public bool Matches(ObjectPath path) => Matches(_parts, path.Steps, _parts.Length, path.Steps.Count);

    // From the end, where patterns say most.
    private static bool Matches(string[] parts, IReadOnlyList<ObjectStep> steps, int part, int step)
    {
        if (part == 0)
        {
            return step == 0;
        }

        return parts[part - 1] == "**"
            ? Matches(parts, steps, part - 1, step) || (step > 0 && Matches(parts, steps, part, step - 1))
            : step > 0 && (parts[part - 1] == "*" || parts[part - 1] == steps[step - 1].Key) && Matches(parts, steps, part - 1, step - 1);
    }
}
