using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold for a CustomResourceDefinition before its kind can be served.</summary>
internal static class DefinitionValidation
{
    public static void Require(ResourceKind kind, JsonObject definition)
    {
        var errors = new List<FieldError>();
        var (name, spec) = (Cells.Text(definition, "metadata.name"), definition["spec"] as JsonObject ?? []);
        var expected = $"{Cells.Text(spec, "names.plural")}.{Cells.Text(spec, "group")}";
        foreach (var required in (ReadOnlySpan<string>)["group", "names.plural", "names.kind", "scope"])
        {
            if (Cells.Text(spec, required).Length == 0)
            {
                errors.Add(FieldError.Required("spec." + required));
            }
        }

        if (errors.Count == 0 && name != expected)
        {
            errors.Add(FieldError.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
        }

        var versions = Cells.Items(spec, "versions").ToArray();
        if (versions.Count(version => (bool?)version["storage"] == true) != 1)
        {
            errors.Add(FieldError.Invalid("spec.versions", spec["versions"], "must have exactly one version marked as storage version"));
        }

        for (var index = 0; index < versions.Length; index++)
        {
            if (Cells.At(versions[index], "schema.openAPIV3Schema") is null)
            {
                errors.Add(FieldError.Required($"spec.versions[{index.ToString(CultureInfo.InvariantCulture)}].schema.openAPIV3Schema", "schemas are required"));
            }
            else if (Cells.Text(versions[index], "schema.openAPIV3Schema.type") != "object")
            {
                errors.Add(FieldError.Invalid($"spec.validation.openAPIV3Schema.type", Cells.Text(versions[index], "schema.openAPIV3Schema.type"), "must be object at the root"));
            }
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(kind, name, errors);
        }
    }
}
