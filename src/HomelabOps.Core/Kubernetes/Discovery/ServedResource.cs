namespace HomelabOps.Core.Kubernetes.Discovery;

/// <summary>A type of objects with the names that users type for it.</summary>
internal sealed class ServedResource
{
    public string Group { get; set; } = "";

    public string Version { get; set; } = "";

    public string Plural { get; set; } = "";

    public string Kind { get; set; } = "";

    public bool Namespaced { get; set; }

    public string Singular { get; set; } = "";

    public List<string> ShortNames { get; set; } = [];

    public List<string> Verbs { get; set; } = [];

    public ResourceType Type => new(Group, Version, Plural, Kind, Namespaced);

    /// <summary>True for kind, plural, singular or short name, each also with <c>.group</c> behind it.</summary>
    public bool IsCalled(string name)
    {
        if (Group.Length > 0 && name.Length > Group.Length && name.EndsWith("." + Group, StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^(Group.Length + 1)];
        }

        return Same(name, Kind) || Same(name, Plural) || Same(name, Singular) || ShortNames.Exists(s => Same(name, s));
    }

    // Old servers leave singular names empty.
    private static bool Same(string left, string right) => right.Length > 0 && string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
