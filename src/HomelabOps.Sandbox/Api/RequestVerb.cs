using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Api;

/// <summary>The verb of a request, as rights and faults name it.</summary>
internal static class RequestVerb
{
    public static string Of(ApiCall call, RequestTarget target) => call.Method switch
    {
        "GET" or "HEAD" when target.Subresource is "exec" or "attach" or "portforward" => "create",
        "GET" or "HEAD" when target.Name is null => call.Query.Flag("watch") ? "watch" : "list",
        "GET" or "HEAD" => "get",
        "PUT" or "PATCH" when target.Name is null => throw ApiErrors.MethodNotAllowed(),
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => target.Name is null ? "deletecollection" : "delete",
        _ => throw ApiErrors.MethodNotAllowed(),
    };
}
