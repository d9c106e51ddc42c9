using System.Collections;
using System.Management.Automation;

namespace HomelabOps.Binding;

/// <summary>Lets <c>-Node</c> take nodes as well as their names.</summary>
public sealed class NodeNamesAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Piped.Unwrap(inputData) switch
    {
        string name => name,

        // An array or any other list, such as the one that a script has filled.
        IEnumerable items => items.Cast<object>().Select(Name).ToArray(),
        _ => Name(inputData)!,
    };

    private static object? Name(object? item) => Piped.Unwrap(item) switch
    {
        HomelabNode node => node.Name,
        ResourceReference { Kind: "Node" } reference => reference.Name,
        var other => other,
    };
}
