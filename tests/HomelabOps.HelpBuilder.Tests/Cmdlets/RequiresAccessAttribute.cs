namespace HomelabOps;

/// <summary>Stands for the module's attribute, which is known to the generator by name only.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresAccessAttribute(string verb, string group, string resource) : Attribute
{
    public string Verb { get; } = verb;

    public string Group { get; } = group;

    public string Resource { get; } = resource;
}
