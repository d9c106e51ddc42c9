using System.Text;
using Fluid;
using Fluid.Values;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;
using YamlDotNet.Core;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>The texts of new manifests, in Liquid: those of the repository where it has its own, else ours.</summary>
/// <param name="files">The repository.</param>
internal sealed class AppTemplates(IBuildFiles files)
{
    /// <summary>The folder of a repository's own templates.</summary>
    public const string Folder = "/.homelabops/templates";

    private const string Suffix = ".liquid";
    private static readonly FluidParser Parser = new();

    /// <summary>Fills a template.</summary>
    /// <param name="name">Its name without the suffix, such as <c>deployment.yaml</c>.</param>
    /// <param name="values">What it may name.</param>
    /// <exception cref="HomelabException">TemplateInvalid, ManifestInvalid.</exception>
    public string Render(string name, IReadOnlyDictionary<string, object?> values)
    {
        var (source, text) = Find(name);
        if (!Parser.TryParse(text, out var template, out var error))
        {
            throw Errors.TemplateInvalid(source, error);
        }

        var options = new TemplateOptions { Undefined = path => throw Errors.TemplateInvalid(source, Errors.Text("Detail_TemplateUnknown", path)) };
        options.Filters.AddFilter("yaml", (input, _, _) => new StringValue(Scalar(input.ToStringValue())));
        var context = new TemplateContext(options);
        foreach (var (key, value) in values)
        {
            context.SetValue(key, FluidValue.Create(value, options));
        }

        var rendered = Tidy(template.Render(context));
        if (YamlReader.ReadAll(source, rendered).Count == 0)
        {
            throw Errors.TemplateInvalid(source, Errors.Text("Detail_TemplateEmpty"));
        }

        return rendered;
    }

    private (string Source, string Text) Find(string name)
    {
        var path = $"{Folder}/{name}{Suffix}";
        if (files.Resolve(path) is { } own && !files.IsFolder(own))
        {
            return (files.Display(own), Encoding.UTF8.GetString(files.Read(own)));
        }

        using var reader = new StreamReader(typeof(AppTemplates).Assembly.GetManifestResourceStream($"HomelabOps.Core.Applications.Scaffolding.Templates.{name}{Suffix}")!);
        return (name + Suffix, reader.ReadToEnd());
    }

    // Tags stand on lines of their own and leave those lines empty.
    private static string Tidy(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Where(line => !string.IsNullOrWhiteSpace(line));
        return string.Join('\n', lines) + "\n";
    }

    private static string Scalar(string text) => ScalarWriter.OneLine(YamlValue.Text(text), ScalarStyle.Any, isFlow: false, ScalarStyle.DoubleQuoted)
        .First(form => SyntaxReader.Read("", $"- {form}\n") is [{ Items: [var item] }] && SyntaxCompare.Means(item, YamlValue.Text(text)));
}
