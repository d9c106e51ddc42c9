using System.Management.Automation;

namespace HomelabOps.Binding;

/// <summary>Lets <c>-Node</c> take nodes as well as their names.</summary>
public sealed class NodeNamesAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input switch
        {
            HomelabNode node => new[] { node.Name },
            ResourceReference { Kind: "Node" } reference => new[] { reference.Name },
            object[] items => items.Select(Single).ToArray(),
            _ => input,
        };
    }

    private static object Single(object item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        HomelabNode node => node.Name,
        ResourceReference { Kind: "Node" } reference => reference.Name,
        var other => other,
    };
}
