namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Says what stands for a variable that has neither value nor default.</summary>
/// <param name="item">The object, before anything is put into it.</param>
/// <param name="name">The variable.</param>
/// <param name="isOpen">A source that is not at hand may have the value.</param>
internal delegate string UnknownVariable(BuiltObject item, string name, bool isOpen);
