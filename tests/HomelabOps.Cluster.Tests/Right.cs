namespace HomelabOps.Cluster.Tests;

/// <summary>A right that a request needs.</summary>
internal sealed record Right(string Verb, string Group, string Resource)
{
    public override string ToString() => $"{Verb} {(Group.Length == 0 ? Resource : $"{Resource}.{Group}")}";

    /// <summary>Whether a right that is declared, perhaps with asterisks, covers this one.</summary>
    public bool IsCoveredBy(Right declared) => (declared.Verb == Verb || declared.Verb == "*") && (declared.Group == Group || declared.Group == "*") && (declared.Resource == Resource || declared.Resource == "*");
}
