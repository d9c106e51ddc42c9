namespace HomelabOps.Binding;

/// <summary>Lets <c>-Node</c> take nodes as well as their names.</summary>
public sealed class NodeNamesAttribute : NamesAttribute
{
    private protected override string? NameOf(object? item) => item switch
    {
        HomelabNode node => node.Name,
        ResourceReference { Kind: "Node" } reference => reference.Name,
        _ => null,
    };
}
