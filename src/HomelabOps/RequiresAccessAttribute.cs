namespace HomelabOps;

/// <summary>A right in the cluster that a cmdlet needs. The help page and the shipped roles are made from these.</summary>
/// <param name="verb">Verb, such as <c>list</c>; several are separated by commas.</param>
/// <param name="group">API group; empty for the core group.</param>
/// <param name="resource">Plural, with a subresource behind a slash; <c>*</c> for any. Empty when the cmdlet asks nothing of a cluster.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresAccessAttribute(string verb, string group, string resource) : Attribute
{
    /// <summary>Verbs, separated by commas.</summary>
    public string Verb { get; } = verb;

    /// <summary>API group.</summary>
    public string Group { get; } = group;

    /// <summary>Plural of the resource.</summary>
    public string Resource { get; } = resource;
}
