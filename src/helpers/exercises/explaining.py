"""Say in one sentence why an answer stopped, where the message of Python or NumPy does not help."""

import re

# Pairs: what a message looks like, and a sentence into which its groups are put.
_SENTENCES = [
    (
        r"truth value of an array",
        "An `if`, `and` or Python's own `max` or `sorted` cannot decide for a whole array at once: "
        "compare the array itself, as in `z > 0`, or use `np.where` or `np.maximum`. To compare "
        "two arrays as a whole, use `np.array_equal`. Comparisons that `&` or `|` joins need "
        "parentheses of their own, as in `(a > 0) & (b > 0)`, and `np.arange` takes `len(...)`.",
    ),
    (
        r"variable '(\w+)'.*(?:not associated|referenced before)",
        "It uses `{0}` before that has a value: set it above the loop or the `if`, so that it has "
        "one in every case.",
    ),
    (
        r"'ellipsis' object is not callable",
        "It calls a function that is still a blank (`...`): fill that one in first.",
    ),
    (
        r"('[\w.]+' object is not callable)",
        "It stops with TypeError: {0}. Round parentheses call a function; the entries of an array "
        "or a list stand in square brackets, a product needs a `*`, and `.T` and `.shape` take no "
        "parentheses.",
    ),
    (
        r"numpy boolean (?:subtract|negative)",
        "True and False cannot be subtracted: compare the arrays with `&`, `|` and `~`, or count "
        "first and subtract the counts.",
    ),
    (
        r"only integer scalar arrays",
        "An array stands where a single whole number belongs, such as an axis or a position. "
        "(`range` takes `len(...)`, how many there are; `np.max` looks for the largest of one "
        "array, `np.maximum` compares two; `np.concatenate` takes one list, and so does "
        "`np.mean`, as in `np.mean([a, b], axis=0)`.)",
    ),
    (
        r"inhomogeneous shape",
        "`np.array` cannot make rows of parts that have different lengths; `np.concatenate` joins "
        "them one after the other.",
    ),
    (
        r"^matmul|^shapes .* not aligned",
        "The two sides of an `@` do not fit together: the left one needs as many columns as the "
        "right one has rows.",
    ),
    (
        # As an axis, so large a number is a mistake.
        r"axis -?(?:[5-9]|\d\d+) is out of bounds for array of dimension 0",
        "`np.min`, `np.max` and the like take one array, and what follows it is an axis; to "
        "compare two numbers, use `min`, `max`, `np.minimum` or `np.maximum`.",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension 0",
        "There is no axis {0} here, because a single number has no axes at all: is one `sum`, "
        "`max` or `mean` too many?",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension 1",
        "There is no axis {0} here, because this array is a single row of numbers, which has only "
        "axis 0.",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "There is no axis {0} here: this array has {1} axes, which are counted from 0.",
    ),
    (
        r"Cannot cast ufunc '\w+' output from dtype\('float\d+'\) to dtype\('u?int\d+'\)",
        "An array of whole numbers cannot take up decimals by `+=` and the like: begin with an "
        "array of decimals, such as `np.zeros(...)`, or convert it by `.astype(float)`.",
    ),
    (
        r"[Cc]annot interpret '\d+' as a data type",
        "A shape of several numbers stands in parentheses of its own, as in `np.zeros((2, 3))`, "
        "and so do several axes, as in `mean(axis=(1, 3))`.",
    ),
    (
        r"'NoneType' object (?:is not subscriptable|has no attribute|is not iterable)",
        "Something that it goes on with is None. (`append`, `sort` and the like change a list "
        "where it is and return nothing, and so does a function without `return`.)",
    ),
    (
        r"'(?:function|builtin_function_or_method|method|type|numpy\.ufunc|"
        r"numpy\._ArrayFunctionDispatcher)' object is not subscriptable",
        "A function is called with round parentheses; square brackets pick entries of an array or "
        "a list.",
    ),
    (
        r"'(?:float|int|numpy\.float64|numpy\.int64)' object is not subscriptable",
        "Square brackets stand after a single number, which has no entries to pick.",
    ),
    (
        r"'(?:float|int)' object has no attribute '(max|min)'",
        "`.{0}` stands after a single number; two numbers are compared by `{0}(a, b)`. Around a "
        "comparison or a product it needs parentheses, as in `(a > b).{0}()`.",
    ),
    (
        r"'(?:float|int|bool)' object has no attribute '(mean|sum|any|all|max|min|astype|round)'",
        "`.{0}` stands after a single number. Around a comparison or a product it needs "
        "parentheses, as in `(a > b).{0}()`.",
    ),
    (
        r"'list' object has no attribute "
        r"'(sum|mean|std|max|min|argmax|argmin|argsort|dot|prod|shape|size|ndim|reshape|flatten|ravel"
        r"|round|astype|T)'",
        "A list has no `.{0}`: make an array of it with `np.array(...)` first.",
    ),
    (
        r"(?:unsupported operand type|not supported between)"
        r".*'(?:function|builtin_function_or_method)'",
        "It computes with a function instead of what the function returns: call it, as in `f(x)`.",
    ),
    (
        r"unsupported operand type.* for \^=?: '(?:float|numpy\.float64)'",
        "In Python a power is written `**`, as in `x ** 2`; `^` is something else.",
    ),
    (
        r"ufunc 'bitwise_xor' not supported",
        "In Python a power is written `**`, as in `x ** 2`; `^` is something else.",
    ),
    (
        # A class is called by its own name.
        r"(\w+)(?:\.__init__)?\(\) missing \d+ required positional arguments?: ([^.]+)",
        "It calls `{0}` without {1}: put what the function needs between its parentheses.",
    ),
    (
        r"index (-?\d+) is out of bounds for axis \d+ with size (\d+)",
        "It asks for position {0} where there are only {1} entries, which are counted from 0.",
    ),
    (
        r"operands could not be broadcast together with shapes \(0,\)",
        "`+` and the like compute entry by entry, and an empty list or array has none: `append` "
        "adds one entry to a list, `extend` all entries of another.",
    ),
    (
        r"operands could not be broadcast together with shapes "
        r"(\([\d,]*\)) (\([\d,]*\)) (\([\d,]*\))",
        "Arrays of the shapes {0}, {1} and {2} do not fit together, entry by entry.",
    ),
    (
        r"operands could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))",
        "Arrays of the shapes {0} and {1} do not fit together, entry by entry.",
    ),
    (
        r"could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\))",
        "An array of the shape {0} does not fit into a place of the shape {1}. (A slice leaves out "
        "its end.)",
    ),
    (
        r"boolean index did not match.* size of axis is (\d+) but .* axis is (\d+)",
        "In the brackets stand {1} values of True and False, but the length of what is picked from "
        "is {0}: do the two belong together?",
    ),
    (
        r"'(?:float|numpy\.float\d+)' object cannot be interpreted as an integer"
        r"|expected a sequence of integers",
        "A number with decimals stands where a whole one belongs, such as a size: divide by `//`, "
        "or make it whole by `int(...)`.",
    ),
    (
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        "`int`, `float` and the functions of `math` take a single number; an array is converted by "
        "`.astype(float)`, and `np` has functions for it, such as `np.log`.",
    ),
    (
        r"tuple index out of range",
        "It asks for an entry that a tuple does not have. (A `shape` has one entry for each "
        "axis: is it that of an array that has fewer axes?)",
    ),
    (
        r"ufunc 'bitwise_(?:and|or)' not supported|unsupported operand type\(s\) for [&|]:",
        "Comparisons that `&` or `|` joins need parentheses of their own, as in "
        "`(a > 0) & (b > 0)`.",
    ),
    (
        r"'tuple' object has no attribute '(sum|mean|max|min|argmax|argmin|round|astype|shape|T)'",
        "Values with commas between them are a tuple, which has no `.{0}`: put it behind each of "
        "them, or make an array of them with `np.array(...)` first.",
    ),
    (
        r"got an unexpected keyword argument 'reverse'",
        "Only Python's own `sorted` and `sort` have `reverse`; what NumPy has sorted is turned "
        "around by `[::-1]`.",
    ),
    (
        r"^(max|min|sum)\(\) got an unexpected keyword argument 'axis'"
        r"|'axis' is an invalid keyword argument for (max|min|sum)\(\)",
        "Python's own `{0}` has no `axis`; `np.{0}` has one, and so has `.{0}` of an array.",
    ),
    (
        r"got an unexpected keyword argument 'weights'",
        "`np.mean` and `np.sum` take no weights; `np.average` does.",
    ),
    (
        r"got an unexpected keyword argument '(\w+)'",
        "Where it gives an argument `{0}`, there is none of this name: is it misspelled, or does "
        "it belong into other parentheses? (A comparison is written `==`.)",
    ),
    (
        r"'(?:int|float)' object does not support item assignment",
        "What it changes by `[…] =` is a single number. (In `a = a[…] = 0` the first `=` makes `a` "
        "itself 0: leave out `a =`.)",
    ),
    (
        r"array is (\d+)-dimensional, but (\d+) were indexed",
        "In the brackets stand {1} positions or slices, but the number of axes of this array is "
        "{0}.",
    ),
    (
        r"either both or neither of x and y should be given",
        "`np.where` takes a condition and two values: one for where it is true, one for elsewhere.",
    ),
    (
        r"slice step cannot be zero|arg 3 must not be zero",
        "The step of a slice or a `range` is 0 there, so it would never get on.",
    ),
    (
        r"for \+: 'int' and '(list|tuple)'",
        "`sum` adds up numbers or arrays, not a {0} of {0}s: make an array of it first.",
    ),
    (
        r"division by zero",
        "It divides by 0: what stands below the line of a fraction is 0 for this input.",
    ),
    (
        r"'(?:function|numpy\.ufunc)' object has no attribute '(\w+)'",
        "A function has no `.{0}`: call it, as in `f(x)`, and go on with what it returns.",
    ),
    (
        r"return arrays must be of ArrayType",
        "Functions such as `np.log` and `np.exp` take one number or array; arguments such as "
        "`keepdims` and `dtype` are given by their names, as in `keepdims=True`.",
    ),
    (
        r"invalid index to scalar variable",
        "Square brackets stand after a single number, which has no entries to pick.",
    ),
    (
        r"np\.sum\(generator\)",
        "`np.sum` does not add up what a `for` in parentheses gives: use Python's own `sum`.",
    ),
    (
        r"indices must be integers or slices, not (?:float|numpy\.float\d+)|"
        r"arrays used as indices must be of integer|only integers, slices",
        "What stands in square brackets must be whole numbers. (`for x in a` goes through the "
        "entries of `a` themselves, `for i in range(len(a))` through their positions.)",
    ),
    (
        r"'tuple' object cannot be interpreted as an integer",
        "A tuple stands where a single whole number belongs. (`mean` and `sum` can take several "
        "axes at once, but `argmax`, `argmin` and `argsort` take only one.)",
    ),
    (
        r"'numpy\.ndarray' object has no attribute '(reverse|index|append|count)'",
        "A list has `.{0}`, but an array does not: `[::-1]` turns it around, `argmax` and `argmin` "
        "find the place of its largest or smallest entry, and `sum` counts what is True.",
    ),
    (
        r"'numpy\.ndarray' object has no attribute '(\w+)'",
        "An array has no `.{0}`: is it misspelled, or a function of NumPy, as in `np.sort(a)`?",
    ),
    (
        r"'(?:list|numpy\.ndarray)' object cannot be interpreted as an integer",
        "A list or an array stands where a whole number belongs: `range` takes `len(...)`, and "
        "several axes stand in parentheses, as in `axis=(1, 3)`.",
    ),
    (
        r"'(?:int|float|numpy\.(?:int|float)\d+)' object is not iterable",
        "A single number has no entries to go through: `range(...)` counts up to it, as in "
        "`for i in range(len(a))`. (`min` and `max` need a list, or two numbers with a comma "
        "between them.)",
    ),
    (
        r"object of type '(?:int|float|numpy\.(?:int|float)\d+)' has no len",
        "A single number has no length; `len` counts the entries of an array or a list.",
    ),
    (
        r"cannot unpack non-iterable (?:function|builtin_function_or_method) object",
        "It takes apart a function instead of what the function returns: call it, as in `f(x)`.",
    ),
    (
        r"cannot unpack non-iterable (?:int|float|numpy\.(?:int|float)\d+) object",
        "On the left of a `=`, or after a `for`, stand several names, but there is only a single "
        "number for them. (`for i, x in enumerate(a)` goes through positions and entries.)",
    ),
    (
        r"numpy\.ndarray doesn't define __round__",
        "`round` takes a single number, but gets an array: are there two values to unpack, a sum "
        "or an `@` that is missing, or is `np.round` meant?",
    ),
    (
        r"zero-dimensional arrays cannot be concatenated",
        "`np.concatenate` joins arrays, not numbers: it stands around the list of all arrays, not "
        "inside of it, and `[k]` picks a number where `[:k]` takes an array.",
    ),
    (
        # NumPy writes `newaxis` for the -1 that somebody gave.
        r"cannot reshape array of size (\d+) into shape \(.*newaxis.*\)",
        "An array of {0} numbers cannot be divided into rows or columns of this length: what "
        "stands beside the -1, multiplied, has to go into {0}.",
    ),
    (
        r"cannot reshape array of size (\d+) into shape (\(.*\))",
        "An array of {0} numbers does not fit into the shape {1}: the numbers of a shape, "
        "multiplied, have to give as many.",
    ),
    (
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)",
        "On the left of a `=`, or after a `for`, stand {0} names, but there are only {1} values "
        "for them.",
    ),
    (
        r"(min|max)\(\) .*empty|attempt to get (argmin|argmax) of an empty",
        "`{0}` has nothing to choose from: is a list or a slice empty there?",
    ),
    (
        r"unsupported operand type.*'tuple'",
        "It computes with several values as if they were one number: take them apart first, as in "
        "`row, column = ...`.",
    ),
]


def explain(error):
    """Return one sentence about an exception that an answer raised."""
    message = " ".join(str(error).split())
    for pattern, sentence in _SENTENCES:
        found = re.search(pattern, message)
        if found:
            # Of what stands on both sides of a `|`, only one has been found.
            return sentence.format(*[group for group in found.groups() if group])
    # Keras colors its messages.
    message = re.sub(r"\x1b\[[\d;]*m", "", message)
    if len(message) > 200:
        message = message[:200] + " …"
    message = f": {message.rstrip('.')}" if message else ""
    return f"It stops with {type(error).__name__}{message}."
