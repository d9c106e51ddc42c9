using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Selecting;

/// <summary>Which objects of a collection a request is about.</summary>
internal sealed record ObjectSelection(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool IsEverything => Labels.IsEverything && Fields.IsEverything;

    public static ObjectSelection Of(RequestTarget target, RequestQuery query, ResourceKind stored) =>
        new(target.Namespace, LabelSelector.Parse(query["labelSelector"]), FieldSelector.Parse(query["fieldSelector"], stored));

    public bool Matches(StoredObject item) => (Namespace is null || item.Key.Namespace == Namespace) && Labels.Matches(item.Labels) && Fields.Matches(item);
}
