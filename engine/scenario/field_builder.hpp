#pragma once
// Short words in which the field table is written (fields.cpp, table_fields.cpp).

#include <string>
#include <utility>
#include <vector>

#include "engine/scenario/fields.hpp"

namespace wintergrid::scenario {

template <class Owner, class Pointer>
Field<Owner> make_field(FieldKind kind, std::string key, Pointer member, std::string doc) {
  Field<Owner> field;
  field.key = std::move(key);
  field.kind = kind;
  field.doc = std::move(doc);
  field.member = member;
  return field;
}

template <class Owner>
Field<Owner> name_of(std::string key, std::string Owner::* member, std::string doc) {
  Field<Owner> field = make_field<Owner>(FieldKind::key, std::move(key), member, std::move(doc));
  field.required = true;
  return field;
}
template <class Owner>
Field<Owner> reference(std::string key, std::string Owner::* member, std::string refers_to,
                       std::string doc) {
  Field<Owner> field =
      make_field<Owner>(FieldKind::reference, std::move(key), member, std::move(doc));
  field.refers_to = std::move(refers_to);
  return field;
}
template <class Owner, class Member>
Field<Owner> text(std::string key, Member Owner::* member, std::string doc) {
  return make_field<Owner>(FieldKind::text, std::move(key), member, std::move(doc));
}
template <class Owner, class Member>
Field<Owner> choice(std::string key, Member Owner::* member, std::vector<std::string> choices,
                    std::string doc) {
  Field<Owner> field = make_field<Owner>(FieldKind::choice, std::move(key), member, std::move(doc));
  field.choices = std::move(choices);
  return field;
}
template <class Owner, class Member>
Field<Owner> number(std::string key, Member Owner::* member, std::string unit, double minimum,
                    double maximum, std::string doc) {
  Field<Owner> field = make_field<Owner>(FieldKind::number, std::move(key), member, std::move(doc));
  field.unit = std::move(unit);
  field.minimum = minimum;
  field.maximum = maximum;
  return field;
}
template <class Owner, class Member>
Field<Owner> whole(std::string key, Member Owner::* member, std::string unit, double minimum,
                   double maximum, std::string doc) {
  Field<Owner> field =
      number<Owner>(std::move(key), member, std::move(unit), minimum, maximum, std::move(doc));
  field.kind = FieldKind::integer;
  return field;
}
template <class Owner>
Field<Owner> yes_no(std::string key, bool Owner::* member, std::string doc) {
  return make_field<Owner>(FieldKind::boolean, std::move(key), member, std::move(doc));
}

template <class Owner>
Field<Owner> required(Field<Owner> field) {
  field.required = true;
  return field;
}
template <class Owner>
Field<Owner> above_minimum(Field<Owner> field) {
  field.minimum_excluded = true;
  return field;
}
template <class Owner>
Field<Owner> list_of(Field<Owner> field, std::size_t length = 0) {
  field.list = true;
  field.list_length = length;
  return field;
}
template <class Owner>
Field<Owner> with_hint(Field<Owner> field, std::string hint) {
  field.hint = std::move(hint);
  return field;
}

}  // namespace wintergrid::scenario
