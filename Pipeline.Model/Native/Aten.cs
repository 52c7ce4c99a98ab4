using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Model.Native;

/// <summary>ATen's operators by name, through the dispatcher of libtorch's C ABI: what TorchSharp doesn't bind, on whatever device the tensors lie.</summary>
internal static unsafe partial class Aten
{
    /// <summary>Calls an operator whose only result is a tensor.</summary>
    /// <inheritdoc cref="Call(string, string, int, int, ReadOnlySpan{int}, ReadOnlySpan{AtenArgument})"/>
    public static Tensor Call(string name, params ReadOnlySpan<AtenArgument> arguments) => Call(name, "", 1, 1, [], arguments)[0];

    /// <summary>Calls an operator all of whose results that are wanted are tensors.</summary>
    /// <param name="name">With its namespace: "aten::_fused_rms_norm".</param>
    /// <param name="overload">Empty for the first of its name.</param>
    /// <param name="results">How many results its schema names.</param>
    /// <param name="wanted">How many of them, from the first on, are returned; all tensors.</param>
    /// <param name="unwanted">Which of the others are tensors, to be let go.</param>
    /// <param name="arguments">All of the schema's, keyword-only ones and those with a default included.</param>
    /// <exception cref="InvalidOperationException">libtorch has no such operator for these tensors, or it failed.</exception>
    public static Tensor[] Call(string name, string overload, int results, int wanted, ReadOnlySpan<int> unwanted, params ReadOnlySpan<AtenArgument> arguments)
    {
        ulong* stack = stackalloc ulong[Math.Max(results, arguments.Length)];
        for (int i = 0; i < arguments.Length; i++)
        {
            stack[i] = arguments[i].ToStack();
        }

        Check(CallDispatcher(name, overload, stack), name);
        Tensor[] tensors = new Tensor[wanted];
        for (int i = 0; i < wanted; i++)
        {
            tensors[i] = Tensor.UnsafeCreateTensor((nint)stack[i]);
        }

        foreach (int i in unwanted)
        {
            Check(Delete((nint)stack[i]), "aoti_torch_delete_tensor_object");
        }

        return tensors;
    }

    /// <summary>Another reference to the same tensor, for an operator that takes it over.</summary>
    internal static ulong Reference(Tensor tensor)
    {
        nint handle;
        Check(NewReference(tensor.Handle, &handle), "aoti_torch_new_tensor_handle");
        return (ulong)handle;
    }

    /// <summary>A list of whole numbers that an operator takes over.</summary>
    internal static ulong List(ReadOnlySpan<long> values)
    {
        nint list;
        Check(NewList((nuint)values.Length, &list), "torch_new_list_reserve_size");
        foreach (long value in values)
        {
            Check(PushBack(list, (ulong)value), "torch_list_push_back");
        }

        return (ulong)list;
    }

    /// <summary>An optional argument that is there: a pointer that the call frees.</summary>
    internal static ulong Some(ulong value)
    {
        ulong* place = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *place = value;
        return (ulong)place;
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"libtorch failed in {what}; its reason is in the process's standard error.");
        }
    }

    /// <summary>torch/csrc/stable/c/shim.h: arguments in, results out, 8 bytes each.</summary>
    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_call_dispatcher", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CallDispatcher(string name, string overload, ulong* stack);

    [LibraryImport("torch_cpu", EntryPoint = "torch_new_list_reserve_size")]
    private static partial int NewList(nuint size, nint* list);

    [LibraryImport("torch_cpu", EntryPoint = "torch_list_push_back")]
    private static partial int PushBack(nint list, ulong value);

    /// <summary>torch/csrc/inductor/aoti_torch/c/shim.h</summary>
    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_new_tensor_handle")]
    private static partial int NewReference(nint tensor, nint* reference);

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_delete_tensor_object")]
    private static partial int Delete(nint tensor);
}
