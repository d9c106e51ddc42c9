using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api;

/// <summary>The failures of a real API server, in its words: clients compare them.</summary>
internal static class ApiErrors
{
    /// <summary>A part of an object that is not there.</summary>
    public static ApiException NotFound(ResourceKind kind, string subresource, string name)
    {
        var resource = $"{kind.Plural}/{subresource}";
        return new(404, "NotFound", $"{(kind.Group.Length == 0 ? resource : $"{resource}.{kind.Group}")} \"{name}\" not found") { Details = About(kind, resource, name) };
    }

    public static ApiException NotFound(ResourceKind kind, string name) => new(404, "NotFound", $"{kind.Resource} \"{name}\" not found") { Details = About(kind, kind.Plural, name) };

    /// <summary>A path that leads to nothing that is served.</summary>
    public static ApiException NoSuchResource() => new(404, "NotFound", "the server could not find the requested resource") { Details = [] };

    public static ApiException AlreadyExists(ResourceKind kind, string name, bool goes = false) => new(409, "AlreadyExists", $"{(goes ? "object is being deleted: " : "")}{kind.Resource} \"{name}\" already exists") { Details = About(kind, kind.Plural, name) };

    public static ApiException Modified(ResourceKind kind, string name) =>
        Conflict(kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Conflict(ResourceKind kind, string name, string why) => Conflict(kind.Group, kind.Plural, name, why);

    /// <param name="group">The group, or nothing.</param>
    /// <param name="resource">What the server calls it here: the plural, the kind, or a subresource.</param>
    /// <param name="name">The object.</param>
    /// <param name="why">What stands against it.</param>
    public static ApiException Conflict(string group, string resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {(group.Length == 0 ? resource : $"{resource}.{group}")} \"{name}\": {why}") { Details = About(group, resource, name) };

    /// <summary>An error that the real server does not classify.</summary>
    public static ApiException Plain(string message) => new(500, "", message);

    /// <summary>No handler of the path gives or takes what the client wants.</summary>
    public static ApiException NotRouted(int code, string reason, string message) => new(code, reason, $"{code}: {message}") { Details = [] };

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldError> errors) => Invalid(kind.Group, kind.Kind, name, errors);

    /// <summary>Options of a request: "PatchOptions".</summary>
    public static ApiException InvalidOptions(string kind, FieldError error) => Invalid("meta.k8s.io", kind, "", [error]);

    public static ApiException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors.Distinct())}]";
        var details = About(group, kind, name);
        details["causes"] = new JsonArray([.. errors.Select(error => new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field })]);
        return new(422, "Invalid", $"{(group.Length == 0 ? kind : $"{kind}.{group}")} \"{name}\" is invalid: {text}") { Details = details };
    }

    public static ApiException MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { Details = [] };

    /// <summary>A kind that goes with its definition takes no objects any more.</summary>
    public static ApiException DefinitionTerminating(ResourceKind kind) =>
        new(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating") { Details = About(kind, kind.Plural, "") };

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException Forbidden(string user, string verb, string resource, string group, string? @namespace, string? name)
    {
        var scope = @namespace is null ? "at the cluster scope" : $"in the namespace \"{@namespace}\"";
        var plural = resource.Split('/')[0];
        var qualified = group.Length == 0 ? plural : $"{plural}.{group}";
        var details = new JsonObject();
        if (name is not null)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = plural;
        return new(403, "Forbidden", $"{qualified}{(name is null ? "" : $" \"{name}\"")} is forbidden: User \"{user}\" cannot {verb} resource \"{resource}\" in API group \"{group}\" {scope}") { Details = details };
    }

    public static ApiException ForbiddenObject(ResourceKind kind, string name, string why, JsonObject? cause = null)
    {
        var details = About(kind, kind.Plural, name);
        if (cause is not null)
        {
            details["causes"] = new JsonArray(cause);
        }

        return new(403, "Forbidden", $"{kind.Resource} \"{name}\" is forbidden: {why}") { Details = details };
    }

    public static ApiException Expired(string message, string? token = null) => new(410, "Expired", message) { Continue = token };

    public static ApiException ListExpired() => Expired("The resourceVersion for the provided list is too old.");

    public static ApiException WatchTooOld(long asked, long present) => Expired($"too old resource version: {asked} ({present})");

    /// <summary>A revision that has not been written yet.</summary>
    public static ApiException TooLarge(long asked, long present) => new(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {present}")
    {
        RetryAfter = 1,
        Details = new() { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }) },
    };

    public static ApiException TooManyRequests(string message, int? retryAfter, JsonObject? details = null) => new(429, "TooManyRequests", message) { RetryAfter = retryAfter, Details = details };

    public static ApiException UnsupportedMediaType(string type, IEnumerable<string> supported) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", supported)}") { Details = new() { ["name"] = type } };

    public static ApiException NotAcceptable(IEnumerable<string> supported) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", supported)}");

    public static ApiException TooLargeBody(long limit) => new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static ApiException Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}")
    {
        Details = new() { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) },
    };

    public static ApiException Unavailable(string message) => new(503, "ServiceUnavailable", message);

    private static JsonObject About(ResourceKind kind, string kindName, string name) => About(kind.Group, kindName, name);

    private static JsonObject About(string group, string kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        return details;
    }
}
