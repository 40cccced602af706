"""Imports and names (KM1xx): where every symbol lives now, and what replaces those that are gone."""
