using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Rules.Limits;
using HomelabOps.Sandbox.Api.Webhooks;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Creates and changes objects by the rules of their kinds.</summary>
internal sealed class ObjectWriter(ApiContext context, Admission admission, WebhookServers webhooks, ResourceQuotas quotas)
{
    private const int GenerateAttempts = 8;

    public WriteResult Create(ResourceKind kind, KindVersion version, string? @namespace, JsonObject node, CallOptions options)
    {
        if (kind.IsCustom && context.Collection("apiextensions.k8s.io/v1", "CustomResourceDefinition").Find(new("", kind.Resource)) is { IsDeleting: true })
        {
            throw ApiErrors.DefinitionTerminating(kind);
        }

        var metadata = MetadataRules.Of(node);
        Place(kind, metadata, @namespace);
        if (MetadataRules.Text(metadata, "resourceVersion").Length > 0)
        {
            throw ApiErrors.Plain("resourceVersion should not be set on objects to be created");
        }

        var generateName = MetadataRules.Text(metadata, "name").Length == 0 ? MetadataRules.Text(metadata, "generateName") : "";
        for (var attempt = 1; ; attempt++)
        {
            var candidate = generateName.Length > 0 ? node.DeepClone().AsObject() : node;
            if (generateName.Length > 0)
            {
                candidate["metadata"]!["name"] = generateName[..Math.Min(generateName.Length, 58)] + context.Ids.NewSuffix($"{kind.Resource}/{@namespace}/{generateName}");
            }

            try
            {
                return CreateNamed(kind, version, candidate, options);
            }
            catch (ApiException error) when (generateName.Length > 0 && error.Reason == "AlreadyExists" && attempt < GenerateAttempts)
            {
                // Another name is drawn.
            }
        }
    }

    /// <summary>Changes what is there.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="version">The version in which the change is made.</param>
    /// <param name="key">Which object.</param>
    /// <param name="change">Makes the new object of the present one, which it may alter. May run more than once.</param>
    /// <param name="options">How to write.</param>
    /// <param name="create">Makes the object that is not there; null when that is an error.</param>
    public WriteResult Update(ResourceKind kind, KindVersion version, ObjectKey key, Func<JsonObject, JsonObject> change, CallOptions options, Func<JsonObject>? create = null) =>
        Update(kind, version, key, change, null, options, create);

    /// <summary>Replaces what is there, whatever it is.</summary>
    public WriteResult Update(ResourceKind kind, KindVersion version, ObjectKey key, JsonObject replacement, CallOptions options, Func<JsonObject>? create = null) =>
        Update(kind, version, key, null, replacement, options, create);

    private WriteResult Update(ResourceKind kind, KindVersion version, ObjectKey key, Func<JsonObject, JsonObject>? change, JsonObject? replacement, CallOptions options, Func<JsonObject>? create)
    {
        var collection = context.Collection(kind);
        while (true)
        {
            var before = collection.Find(key);
            if (before is null)
            {
                return create is null ? throw ApiErrors.NotFound(kind, key.Name) : Create(kind, version, kind.Namespaced ? key.Namespace : null, create(), options);
            }

            var old = VersionConversion.Read(kind, version, before);
            var node = change?.Invoke(old.DeepClone().AsObject()) ?? replacement!.DeepClone().AsObject();
            Prepare(kind, version, key, node, old, options);
            var written = options.Subresource is null ? quotas.Admit(kind, node, old, () => Replace(kind, version, before, node, options)) : Replace(kind, version, before, node, options);
            if (written is not null)
            {
                return written;
            }
        }
    }

    // Null where somebody else was faster.
    private WriteResult? Replace(ResourceKind kind, KindVersion version, StoredObject before, JsonObject node, CallOptions options)
    {
        var collection = context.Collection(kind);
        var stored = VersionConversion.ToStorage(kind, version, node);
        if (options.DryRun)
        {
            return new(StoredObject.Create(before.Key, before.Revision, stored, collection.Fields));
        }

        var gone = IsReleased(kind, stored, before);
        var after = gone ? collection.Remove(before, stored) : collection.TryCommit(before.Key, before, stored, deleted: false);
        return after is null ? null : new(after, Gone: gone);
    }

    private WriteResult CreateNamed(ResourceKind kind, KindVersion version, JsonObject node, CallOptions options)
    {
        var metadata = MetadataRules.Of(node);
        var name = MetadataRules.Text(metadata, "name");
        foreach (var field in (ReadOnlySpan<string>)["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"])
        {
            metadata.Remove(field);
        }

        metadata["uid"] = context.Ids.NewUid(Item(kind, metadata));
        metadata["creationTimestamp"] = context.Now();
        if (kind.HasGeneration || kind.IsCustom)
        {
            metadata["generation"] = 1;
        }

        MetadataRules.RemoveEmpty(metadata);
        SchemaDefaults.Apply(node, version.Schema);
        KindRules.PrepareCreate(kind, version, node);
        Defaults.Apply(kind, node);
        admission.Create(kind, version, node, options);
        var request = new WebhookRequest(kind, "CREATE", node, null);
        webhooks.Mutate(context, request);
        options.Managed.Created(version, node);

        // What has just been taken away has a default again whenever it is read: the status, which nobody owns yet.
        SchemaDefaults.Apply(node, version.Schema);

        var errors = new List<FieldError>();
        MetadataRules.Validate(metadata, kind, errors);
        SchemaValidation.Validate(node, version.Schema, errors);
        KindRules.ValidateCreate(kind, node, errors);
        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(kind, name, errors);
        }

        webhooks.Validate(context, request);
        admission.CheckLimits(kind, node);
        return quotas.Admit(kind, node, null, () => Commit(kind, version, node, options));
    }

    private static string Item(ResourceKind kind, JsonObject metadata) => $"{kind.Resource}/{MetadataRules.Text(metadata, "namespace")}/{MetadataRules.Text(metadata, "name")}";

    private WriteResult Commit(ResourceKind kind, KindVersion version, JsonObject node, CallOptions options)
    {
        var metadata = MetadataRules.Of(node);
        var name = MetadataRules.Text(metadata, "name");
        var key = new ObjectKey(kind.Namespaced ? MetadataRules.Text(metadata, "namespace") : "", name);
        var collection = context.Collection(kind);
        var stored = VersionConversion.ToStorage(kind, version, node);
        if (collection.Find(key) is { } present)
        {
            throw ApiErrors.AlreadyExists(kind, name, present.IsDeleting);
        }

        if (options.DryRun)
        {
            return new(StoredObject.Create(key, null, stored, collection.Fields), Created: true);
        }

        var created = collection.TryCommit(key, null, stored, deleted: false) ?? throw ApiErrors.AlreadyExists(kind, name);
        context.Ids.Made(Item(kind, metadata));
        return new(created, Created: true);
    }

    private static void Place(ResourceKind kind, JsonObject metadata, string? @namespace)
    {
        var said = MetadataRules.Text(metadata, "namespace");
        if (!kind.Namespaced)
        {
            metadata.Remove("namespace");
            return;
        }

        if (said.Length > 0 && said != @namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        metadata["namespace"] = @namespace;
    }

    private void Prepare(ResourceKind kind, KindVersion version, ObjectKey key, JsonObject node, JsonObject old, CallOptions options)
    {
        var metadata = MetadataRules.Of(node);
        var before = MetadataRules.Of(old);
        var (name, said) = (MetadataRules.Text(metadata, "name"), MetadataRules.Text(metadata, "namespace"));
        if (kind.Namespaced && said.Length > 0 && said != key.Namespace)
        {
            throw ApiErrors.BadRequest($"the namespace of the object ({said}) does not match the namespace on the request ({key.Namespace})");
        }

        Place(kind, metadata, kind.Namespaced ? key.Namespace : null);
        if (name != key.Name)
        {
            throw ApiErrors.BadRequest(name.Length == 0
                ? $"the name of the object ({key.Name} based on URL) was undeterminable: name must be provided"
                : $"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        }

        CheckPreconditions(kind, key, metadata, before, options);
        MetadataRules.Keep(metadata, before);
        MetadataRules.RemoveEmpty(metadata);
        metadata["resourceVersion"] = before["resourceVersion"]!.DeepClone();
        KindRules.PrepareUpdate(kind, version, node, old, options.Subresource);
        metadata = MetadataRules.Of(node);
        SchemaDefaults.Apply(node, version.Schema);
        Defaults.Apply(kind, node);
        admission.Update(kind, version, node, old, options);
        var request = new WebhookRequest(kind, "UPDATE", node, old, options.Subresource);
        webhooks.Mutate(context, request);
        BumpGeneration(kind, version, node, old);
        options.Managed.Updated(version, node, old);

        var errors = new List<FieldError>();
        MetadataRules.Validate(metadata, kind, errors);
        MetadataRules.ValidateUpdate(metadata, before, errors);
        SchemaValidation.Validate(node, version.Schema, errors);
        KindRules.ValidateUpdate(kind, node, old, options.Subresource, errors);
        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(kind, key.Name, errors);
        }

        webhooks.Validate(context, request);
    }

    private static void CheckPreconditions(ResourceKind kind, ObjectKey key, JsonObject metadata, JsonObject before, CallOptions options)
    {
        var (uid, present) = (MetadataRules.Text(metadata, "uid"), MetadataRules.Text(before, "uid"));
        if (uid.Length > 0 && uid != present)
        {
            throw options.Replaces
                ? ApiErrors.Conflict(kind, key.Name, $"StorageError: invalid object, Code: 4, Key: /registry/{kind.Plural}/{(kind.Namespaced ? key.Namespace + "/" : "")}{key.Name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {present}")
                : ApiErrors.Invalid(kind, key.Name, [FieldError.Invalid("metadata.uid", uid, "field is immutable")]);
        }

        var version = MetadataRules.Text(metadata, "resourceVersion");
        if (version.Length == 0 && kind.IsCustom)
        {
            // It is the resource that is named here, and the number as Go prints it.
            throw ApiErrors.Invalid(kind.Group, kind.Plural, key.Name, [new("metadata.resourceVersion", "FieldValueInvalid", "Invalid value: 0x0: must be specified for an update")]);
        }

        if (version.Length > 0 && !ulong.TryParse(version, CultureInfo.InvariantCulture, out _))
        {
            throw ApiErrors.Plain($"strconv.ParseUint: parsing \"{version}\": invalid syntax");
        }

        if (version.Length > 0 && version != "0" && version != MetadataRules.Text(before, "resourceVersion"))
        {
            throw ApiErrors.Modified(kind, key.Name);
        }
    }

    private static void BumpGeneration(ResourceKind kind, KindVersion version, JsonObject node, JsonObject old)
    {
        if (!kind.HasGeneration && !kind.IsCustom)
        {
            return;
        }

        var changed = kind.IsCustom
            ? !DeepEquals(node, old, skipStatus: version.HasStatus)
            : kind.Group == "admissionregistration.k8s.io" ? !DeepEquals(node, old, skipStatus: true) : !JsonNode.DeepEquals(node["spec"], old["spec"]);
        if (changed)
        {
            MetadataRules.Of(node)["generation"] = (Numbers.Whole(old["metadata"]!["generation"]) ?? 0) + 1;
        }
    }

    private static bool DeepEquals(JsonObject left, JsonObject right, bool skipStatus) =>
        left.Select(field => field.Key).Concat(right.Select(field => field.Key)).Distinct(StringComparer.Ordinal)
            .Where(name => name is not ("metadata" or "apiVersion" or "kind") && !(skipStatus && name == "status"))
            .All(name => JsonNode.DeepEquals(left[name], right[name]));

    // The last finalizer of a deleted object has gone.
    private static bool IsReleased(ResourceKind kind, JsonObject node, StoredObject before)
    {
        var metadata = node["metadata"]!.AsObject();
        return before.IsDeleting && !MetadataRules.HasFinalizers(metadata)
            && (Numbers.Whole(metadata["deletionGracePeriodSeconds"]) ?? 0) == 0
            && !(kind.Is("", "Namespace") && node["spec"]?["finalizers"] is JsonArray { Count: > 0 });
    }
}
